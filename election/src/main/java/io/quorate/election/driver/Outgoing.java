package io.quorate.election.driver;

import io.quorate.election.engine.ElectionCounter;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.UnknownExtension;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent once everything that has arrived is taken: a later message takes the place of
 * an earlier one of its kind to the same peer, as in the send queue. So a burst of votes is
 * answered with the vote that comes of them all. Holds at most one message a kind and peer. Belongs
 * to one thread.
 */
final class Outgoing {
  private final Transport transport;
  private final Duration answerWithin;
  private final Counters counters;
  private final Map<Address, Message> waiting = new LinkedHashMap<>();

  /** The vote that each member was told last. */
  private final Map<ServerId, Notification> told = new HashMap<>();

  private @Nullable Message lastEncoded;
  private byte[] lastBytes = new byte[0];

  /** Messages to one address replace each other. */
  private record Address(ServerId peer, int kind) {}

  /**
   * Starts empty.
   *
   * @param transport where it goes
   * @param answerWithin how soon a peer has something to say that was asked
   * @param counters where votes are counted
   */
  Outgoing(Transport transport, Duration answerWithin, Counters counters) {
    this.transport = transport;
    this.answerWithin = answerWithin;
    this.counters = counters;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void put(ServerId to, Message message) {
    waiting.put(new Address(to, kind(message)), message);
  }

  /** Sends everything. */
  void flush() {
    waiting.forEach(this::send);
    waiting.clear();
  }

  private void send(Address to, Message message) {
    SendResult result = transport.sendLatest(to.peer(), to.kind(), encode(message));
    boolean sent = result == SendResult.QUEUED || result == SendResult.REPLACED;
    if (message instanceof Notification) {
      counters.count(
          sent ? ElectionCounter.NOTIFICATIONS_SENT : ElectionCounter.NOTIFICATIONS_UNSENT);
    }
    if (sent && isHeardOfSoon(to.peer(), message)) {
      transport.expect(to.peer(), answerWithin);
    }
  }

  /**
   * A leader goes on with heartbeats. A server that looks is answered, or hears of others' votes;
   * but two that end an election with the same vote have nothing more to say to each other. So only
   * who has to be told the same again is expected to say something.
   */
  private boolean isHeardOfSoon(ServerId peer, Message message) {
    return switch (message) {
      case Notification said -> {
        boolean again = peer.isMember() && said.equals(told.put(peer, said));
        yield again && said.state() == ServerState.LOOKING;
      }
      case Acknowledgement _ -> true;
      case Hello _, Proposal _, Refusal _, Heartbeat _, Surrender _, UnknownExtension _ -> false;
    };
  }

  /** Messages of one kind replace each other while they wait to be sent. */
  private static int kind(Message message) {
    return switch (message) {
      case Notification _ -> 0;
      case Hello _ -> 1;
      case Proposal _ -> 2;
      case Acknowledgement _ -> 3;
      case Refusal _ -> 4;
      case Heartbeat _ -> 5;
      case Surrender _ -> 6;
      case UnknownExtension _ -> throw new IllegalArgumentException("not ours to say: " + message);
    };
  }

  /** The same is said to several peers in a row, so it is encoded once. */
  private byte[] encode(Message message) {
    if (!message.equals(lastEncoded)) {
      lastBytes = MessageCodec.encode(message);
      lastEncoded = message;
    }
    return lastBytes;
  }
}
