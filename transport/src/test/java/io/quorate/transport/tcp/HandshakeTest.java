package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.protocol.ServerId;
import io.quorate.transport.tcp.Handshake.Reason;
import io.quorate.transport.tcp.Handshake.Verdict;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {

  private static final long OBSERVER = Long.MAX_VALUE;
  private static final int MAX_OBSERVERS = 2;

  @ParameterizedTest(name = "server {0} has dialled {1}: {2}")
  @CsvSource({
    "2, 1, Keep",
    "1, 2, GiveUp",
    "0, 1, GiveUp",
    "1, 0, Keep",
    "9223372036854775807, 5, Keep",
    "9223372036854775806, 5, Keep",
    "5, 9223372036854775806, GiveUp"
  })
  void theLargerIdsOwnDialStays(long self, long remote, String verdict) {
    assertEquals(verdict, name(handshake(self).dialled(ServerId.of(remote))));
  }

  @ParameterizedTest(name = "{1} calls server {0}: {2}")
  @CsvSource({"1, 2, Keep", "2, 1, CallBack", "0, 1, Keep", "1, 0, CallBack", "2, 3, Keep"})
  void theLargerIdsCallStaysAndTheSmallerIdIsCalledBack(long self, long sid, String verdict) {
    assertEquals(verdict, name(handshake(self).cameIn(ServerId.of(sid), 0)));
  }

  @Test
  void forEveryPairExactlyOneDirectionStays() {
    for (long low = 0; low < 5; low++) {
      for (long high = low + 1; high < 6; high++) {
        assertEquals(new Verdict.Keep(), handshake(high).dialled(ServerId.of(low)));
        assertEquals(new Verdict.Keep(), handshake(low).cameIn(ServerId.of(high), 0));
        assertEquals(new Verdict.GiveUp(), handshake(low).dialled(ServerId.of(high)));
        assertEquals(new Verdict.CallBack(), handshake(high).cameIn(ServerId.of(low), 0));
      }
    }
  }

  @Test
  void ourOwnIdFromOutsideIsRefused() {
    assertEquals(new Verdict.Refuse(Reason.OWN_ID), handshake(3).cameIn(ServerId.of(3), 0));
  }

  @Test
  void anIdThatNobodyConfiguredIsRefusedWhetherLargerOrSmaller() {
    var refused = new Verdict.Refuse(Reason.UNKNOWN_ID);
    assertEquals(refused, handshake(3).cameIn(ServerId.of(77), 0));
    var few = new Handshake(ServerId.of(3), Set.of(ServerId.of(4)), MAX_OBSERVERS);
    assertEquals(refused, few.cameIn(ServerId.of(1), 0));
  }

  @Test
  void observersWithoutAnIdComeInUpToTheirBound() {
    var handshake = handshake(3);
    assertEquals(new Verdict.KeepObserver(), handshake.cameIn(ServerId.OBSERVER, 0));
    assertEquals(new Verdict.KeepObserver(), handshake.cameIn(ServerId.OBSERVER, 1));
    assertEquals(
        new Verdict.Refuse(Reason.TOO_MANY_OBSERVERS),
        handshake.cameIn(ServerId.OBSERVER, MAX_OBSERVERS));
  }

  @Test
  void anObserverDoesNotTakeAnotherOneForItself() {
    assertEquals(new Verdict.KeepObserver(), handshake(OBSERVER).cameIn(ServerId.OBSERVER, 0));
  }

  @Test
  void aKnownServerThatCallsAnObserverWithoutAnIdIsItsLink() {
    assertEquals(new Verdict.Keep(), handshake(OBSERVER).cameIn(ServerId.of(6), 0));
    assertEquals(
        new Verdict.Refuse(Reason.UNKNOWN_ID), handshake(OBSERVER).cameIn(ServerId.of(77), 0));
  }

  private static Handshake handshake(long self) {
    Set<ServerId> known =
        LongStream.rangeClosed(0, 6)
            .filter(id -> id != self)
            .mapToObj(ServerId::of)
            .collect(Collectors.toSet());
    return new Handshake(ServerId.of(self), known, MAX_OBSERVERS);
  }

  private static String name(Verdict verdict) {
    return verdict.getClass().getSimpleName();
  }
}
