package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MeterTest {

  private static final byte[] HELLO = {1, 2, 3};
  private static final byte[] OTHER = {4};

  private final Meter meter = new Meter();

  @Test
  void aMessageIsTimedFromItsSenderToItsReceiver() {
    meter.sent(1, 2, HELLO, 1000);
    meter.sent(1, 2, OTHER, 1000);
    meter.arrived(1, 2, HELLO.clone(), 1400);
    Meter.Passage there = meter.passage(1, 2);
    assertEquals(2, there.sent());
    assertEquals(1, there.arrived());
    assertEquals(Duration.ofNanos(400), there.slowest());
    assertEquals(Duration.ofNanos(400), there.fastest());
    assertEquals(Integer.BYTES + HELLO.length, there.smallest());
    assertEquals(0, meter.passage(2, 1).sent());
  }

  @Test
  void ofEqualMessagesTheLastCounts() {
    meter.sent(1, 2, HELLO, 1000);
    meter.sent(1, 2, HELLO, 2000);
    meter.arrived(1, 2, HELLO, 2100);
    assertEquals(Duration.ofNanos(100), meter.passage(1, 2).slowest());
  }

  @Test
  void whatWasSentBeforeTheBeginningDoesNotArrive() {
    meter.sent(1, 2, HELLO, 1000);
    meter.begin(Duration.ZERO);
    meter.arrived(1, 2, HELLO, 2000);
    assertEquals(0, meter.passage(1, 2).arrived());
  }

  @Test
  void aLinkCountsItsOwnBytesOnceItHasComeUp() {
    meter.arrived(1, 2, HELLO, 1);
    assertEquals(0, meter.passage(1, 2).mostPerLink());
    meter.linkUp(1, 2);
    meter.arrived(1, 2, HELLO, 2);
    meter.arrived(1, 2, HELLO, 3);
    meter.linkUp(1, 2);
    meter.arrived(1, 2, HELLO, 4);
    assertEquals(2L * (Integer.BYTES + HELLO.length), meter.passage(1, 2).mostPerLink());
  }

  @Test
  void aLinkIsLostEarlyOnlyIfItsOtherEndClosedItSoon() {
    meter.begin(Duration.ofSeconds(10));
    long begun = System.nanoTime();
    meter.linkDown(1, 2, true, begun);
    meter.linkDown(1, 2, false, begun);
    meter.linkDown(1, 2, true, begun + Duration.ofSeconds(11).toNanos());
    assertEquals(3, meter.passage(1, 2).linksLost());
    assertEquals(1, meter.passage(1, 2).lostEarly());
  }
}
