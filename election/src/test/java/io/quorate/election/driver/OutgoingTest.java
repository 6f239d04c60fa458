package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What waits to be sent, and what of it is. */
final class OutgoingTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final Counters counters = new Counters();
  private final Outgoing outgoing = new Outgoing(transport, Duration.ofSeconds(1), counters);

  private record Sent(ServerId to, Message message) {}

  @Test
  void the_last_of_a_kind_is_sent_to_each_peer_at_the_place_of_the_first() {
    outgoing.put(id(2), vote(2));
    outgoing.put(id(3), vote(2));
    outgoing.put(id(2), new Acknowledgement(1, 1, 1));
    outgoing.put(id(2), vote(3));
    outgoing.put(id(2), new Acknowledgement(1, 2, 1));
    assertEquals(List.of(), transport.sent);
    assertFalse(outgoing.isEmpty());
    outgoing.flush();
    assertEquals(
        List.of(
            new Sent(id(2), vote(3)),
            new Sent(id(3), vote(2)),
            new Sent(id(2), new Acknowledgement(1, 2, 1))),
        sent());
    assertEquals(2, counters.snapshot().get("notificationsSent"));
    assertTrue(outgoing.isEmpty());
    outgoing.flush();
    assertEquals(3, transport.sent.size());
  }

  private List<Sent> sent() {
    return transport.sent.stream()
        .map(
            each ->
                switch (new MessageCodec().decode(each.message().array())) {
                  case Decoded.Ok<Message>(Message said) -> new Sent(each.to(), said);
                  case Decoded.Malformed<Message>(String reason) ->
                      throw new AssertionError(reason);
                })
        .toList();
  }

  private static Notification vote(long leader) {
    return new Notification(
        ServerState.LOOKING, new Vote(id(leader), 0, 0), 1, 2, Optional.empty());
  }

  private static ServerId id(long value) {
    return ServerId.of(value);
  }
}
