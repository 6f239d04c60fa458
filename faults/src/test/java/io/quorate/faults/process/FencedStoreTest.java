package io.quorate.faults.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.process.FencedStore.Write;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

final class FencedStoreTest {

  private static final long MINUTE = 60_000_000_000L;

  private static Write leased(long epoch) {
    return new Write(epoch, System.nanoTime(), MINUTE);
  }

  private static Write expired(long epoch) {
    return new Write(epoch, System.nanoTime() - MINUTE, 0);
  }

  @Test
  void aSmallerTokenAfterALargerOneIsRefused() throws Exception {
    try (var store = new FencedStore()) {
      assertTrue(store.take(leased(3)));
      assertTrue(store.take(leased(3)));
      assertFalse(store.take(expired(2)));
      assertTrue(store.take(leased(4)));
      assertEquals(3, store.ledger().accepted());
      assertEquals(1, store.ledger().refusals().size());
      assertEquals(3, store.ledger().refusals().getFirst().largest());
    }
  }

  @Test
  void aLateWriteThatIsRefusedIsFine() throws Exception {
    try (var store = new FencedStore()) {
      assertTrue(store.take(leased(2)));
      assertFalse(store.take(expired(1)));
      assertTrue(store.ledger().violations().isEmpty());
    }
  }

  @Test
  void aRefusalOfALeaderThatCouldCountOnItsLeaseIsFound() throws Exception {
    try (var store = new FencedStore()) {
      assertTrue(store.take(leased(2)));
      assertFalse(store.take(leased(1)));
      assertEquals(1, store.ledger().violations().size());
    }
  }

  @Test
  void aLateWriteBeforeTheNextLeadersIsAcceptedAndCounted() throws Exception {
    try (var store = new FencedStore()) {
      assertTrue(store.take(expired(1)));
      assertEquals(1, store.ledger().late());
    }
  }

  @Test
  void writesComeOverSockets() throws Exception {
    try (var store = new FencedStore();
        var connection = new Socket(InetAddress.getLoopbackAddress(), store.port())) {
      var out = new DataOutputStream(connection.getOutputStream());
      var in = new DataInputStream(connection.getInputStream());
      leased(2).send(out);
      assertTrue(in.readBoolean());
      expired(1).send(out);
      assertFalse(in.readBoolean());
    }
  }
}
