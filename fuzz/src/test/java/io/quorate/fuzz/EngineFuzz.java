package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.protocol.Hello;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A whole server, minus its sockets, among peers that say anything at any time. */
final class EngineFuzz {
  private static final int MOST_STEPS = 300;

  /** Voters, an observer, a stranger, and observers without an id. */
  private static final List<ServerId> PEERS =
      Stream.of(2L, 3L, 2L, 3L, 4L, 9L, -1L, Long.MAX_VALUE).map(ServerId::of).toList();

  private static final List<Long> FEW = List.of(0L, 1L, 2L, 3L, -1L, Long.MAX_VALUE);

  static Stream<byte[]> seeds() {
    byte[] hello = {7, 0, 7, 1};
    byte[] raw = MessageCodec.encode(new Values(new Cursor(new byte[] {2})).message());
    byte[] said = Seeds.join(new byte[] {0, 0, (byte) raw.length}, raw);
    byte[] vote = {2, 0, 0, 3, 1, 1, 1, 2, 1, 0, 0, 3, 1, 1, 1};
    byte[] time = {5, 0, 5, 1, 6, 5, 2, 6, 5, 0, 6};
    return Stream.of(
        Seeds.join(new byte[] {0}, hello, said, time),
        Seeds.join(new byte[] {2}, hello, vote, time, vote, time),
        Seeds.join(new byte[] {16}, hello, vote, time),
        Seeds.join(new byte[] {1}, hello, said, vote, time),
        Seeds.join(new byte[] {8}, hello, new byte[] {4, 0, 1, 0, 0, 2, 6, 5, 3}, time));
  }

  @MethodSource("seeds")
  @FuzzTest
  void noPeerStopsAServer(byte[] input) {
    var cursor = new Cursor(input);
    var server = new EngineUnderFire(cursor.next());
    ServerId self = (input.length > 0 && (input[0] & 1) != 0) ? ServerId.of(4) : ServerId.of(1);
    Set<ServerId> up = new TreeSet<>();
    for (int step = 0; step < MOST_STEPS && !cursor.isAtEnd(); step++) {
      take(cursor, server, up, self);
    }
    assertUsable(server, up);
  }

  private static void take(Cursor cursor, EngineUnderFire server, Set<ServerId> up, ServerId self) {
    int what = cursor.next() % 9;
    switch (what) {
      case 0, 1, 2, 3, 7 -> {
        ServerId from = cursor.oneOf(PEERS);
        if (from.equals(self)) {
          return; // The transport lets nobody in who has our id.
        }
        linkUp(server, up, from);
        server.happen(new TransportEvent.Received(from, message(what, cursor)));
      }
      case 4 -> change(cursor, server, up);
      case 5 -> server.fire(cursor.next());
      case 6 -> server.answer();
      default -> server.sleep(cursor.next() * 20_000_000L);
    }
  }

  private static void linkUp(EngineUnderFire server, Set<ServerId> up, ServerId peer) {
    if (up.add(peer)) {
      server.happen(new TransportEvent.LinkUp(peer, "somewhere"));
    }
  }

  private static byte[] message(int what, Cursor cursor) {
    return switch (what) {
      case 0 -> cursor.take(cursor.next());
      case 1 -> MessageCodec.encode(new Values(cursor).message());
      case 2 -> MessageCodec.encode(vote(cursor));
      case 3 -> frame(cursor);
      default -> MessageCodec.encode(hello(cursor));
    };
  }

  /** Numbers that are seldom hit by chance: small ones, ours, and those at the ends. */
  private static long number(Cursor cursor) {
    return cursor.nextBoolean() ? cursor.oneOf(FEW) : cursor.nextLong();
  }

  private static Notification vote(Cursor cursor) {
    return new Notification(
        cursor.oneOf(List.of(ServerState.values())),
        new Vote(ServerId.of(number(cursor)), number(cursor), number(cursor)),
        number(cursor),
        Notification.CURRENT_VERSION,
        Optional.empty());
  }

  private static Hello hello(Cursor cursor) {
    return new Hello(
        Hello.CURRENT_PROTOCOL_VERSION,
        EngineUnderFire.NAME,
        EngineUnderFire.ENSEMBLE.digest(),
        cursor.next(),
        cursor.nextBoolean() ? number(cursor) & Long.MAX_VALUE : 0);
  }

  /** A frame of the promise with numbers that may fit what was said before. */
  private static byte[] frame(Cursor cursor) {
    ByteBuffer bytes = ByteBuffer.allocate(44);
    bytes.putInt(0x51000002 + cursor.next() % 5);
    bytes.putLong(number(cursor)).putLong(number(cursor));
    bytes.putLong(cursor.nextBoolean() ? 77 : number(cursor));
    return bytes.putLong(cursor.nextBoolean() ? 1_010_000_000L : number(cursor)).putInt(1).array();
  }

  private static void change(Cursor cursor, EngineUnderFire server, Set<ServerId> up) {
    ServerId peer = cursor.oneOf(PEERS);
    DownCause cause = cursor.oneOf(List.of(DownCause.values()));
    if (up.contains(peer)) {
      server.happen(new TransportEvent.LinkDown(peer, cause, "by the test"));
      up.remove(peer);
      if (cause == DownCause.REPLACED) {
        linkUp(server, up, peer);
      }
    } else {
      server.happen(
          new TransportEvent.Unreachable(
              peer, cursor.oneOf(List.of(UnreachableKind.values())), "by the test"));
    }
  }

  /** Whatever was said: a peer with a new link is introduced to, and told what is true now. */
  private static void assertUsable(EngineUnderFire server, Set<ServerId> up) {
    for (ServerId peer : Set.copyOf(up)) {
      server.happen(new TransportEvent.LinkDown(peer, DownCause.CLOSED_BY_PEER, "by the test"));
    }
    server.answer();
    assertTellsPeers(server);
    server.give(new Input.LookAgain());
    assertTellsPeers(server);
  }

  private static void assertTellsPeers(EngineUnderFire server) {
    ServerId peer = ServerId.of(2);
    List<Output.Transmit> said = server.happen(new TransportEvent.LinkUp(peer, "somewhere"));
    assertTrue(said.getFirst().message() instanceof Hello, () -> "said " + said);
    assertTrue(
        said.stream().anyMatch(it -> it.message() instanceof Notification), () -> "said " + said);
    assertTrue(said.stream().allMatch(it -> it.to().equals(peer)), () -> "said " + said);
    server.happen(new TransportEvent.LinkDown(peer, DownCause.CLOSED_BY_PEER, "by the test"));
  }
}
