package io.quorate.faults.toxic;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What became of the messages between servers of this JVM, direction by direction: the proof that a
 * toxic did something, and that it did so in its own direction only. Safe for use by many threads.
 */
final class Meter {

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Way, Count> counts = new HashMap<>();

  /** From one server to another. */
  record Way(long from, long to) {}

  /**
   * What became of the messages of one direction since the beginning.
   *
   * @param sent handed to the transport while a link was up
   * @param arrived of these
   * @param fastest of those that arrived
   * @param slowest of those that arrived
   * @param smallest bytes of the smallest that arrived, with its length
   * @param mostPerLink bytes of all that arrived by one link, of the links that came up since
   * @param linksLost how often the receiver saw the link go down
   * @param lostEarly how often because its other end had closed it, within the time told to {@link
   *     #begin}
   */
  record Passage(
      long sent,
      long arrived,
      Duration fastest,
      Duration slowest,
      int smallest,
      long mostPerLink,
      long linksLost,
      long lostEarly) {}

  private static final class Count {
    private final Map<ByteBuffer, Long> underWay = new HashMap<>();
    private long sent;
    private long arrived;
    private long fastest = Long.MAX_VALUE;
    private long slowest;
    private int smallest = Integer.MAX_VALUE;
    private boolean onNewLink;
    private long onThisLink;
    private long mostPerLink;
    private long linksLost;
    private long lostEarly;

    Passage passage() {
      return new Passage(
          sent,
          arrived,
          Duration.ofNanos(fastest),
          Duration.ofNanos(slowest),
          smallest,
          mostPerLink,
          linksLost,
          lostEarly);
    }
  }

  /** Of a frame, before its message. */
  private static final int LENGTH_BYTES = Integer.BYTES;

  private long begun = System.nanoTime();
  private long early;

  /** Forgets everything. What was sent before is not counted when it arrives. */
  void begin() {
    begin(Duration.ZERO);
  }

  /**
   * As {@link #begin()}.
   *
   * @param early until when a link that its other end closed was lost early
   */
  void begin(Duration early) {
    lock.lock();
    try {
      counts.clear();
      begun = System.nanoTime();
      this.early = early.toNanos();
    } finally {
      lock.unlock();
    }
  }

  void sent(long from, long to, byte[] message, long nanos) {
    lock.lock();
    try {
      Count count = count(from, to);
      count.sent++;
      // Of equal ones the last counts, so that none is ever thought slower than it was.
      count.underWay.put(ByteBuffer.wrap(message), nanos);
    } finally {
      lock.unlock();
    }
  }

  void arrived(long from, long to, byte[] message, long nanos) {
    lock.lock();
    try {
      Count count = count(from, to);
      int bytes = LENGTH_BYTES + message.length;
      if (count.onNewLink) {
        count.onThisLink += bytes;
        count.mostPerLink = Math.max(count.mostPerLink, count.onThisLink);
      }
      Long since = count.underWay.remove(ByteBuffer.wrap(message));
      if (since != null) {
        count.arrived++;
        count.fastest = Math.min(count.fastest, nanos - since);
        count.slowest = Math.max(count.slowest, nanos - since);
        count.smallest = Math.min(count.smallest, bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  void linkUp(long from, long to) {
    lock.lock();
    try {
      Count count = count(from, to);
      count.onNewLink = true;
      count.onThisLink = 0;
    } finally {
      lock.unlock();
    }
  }

  void linkDown(long from, long to, boolean closedByPeer, long nanos) {
    lock.lock();
    try {
      Count count = count(from, to);
      count.linksLost++;
      if (closedByPeer && nanos - begun < early) {
        count.lostEarly++;
      }
    } finally {
      lock.unlock();
    }
  }

  Passage passage(long from, long to) {
    lock.lock();
    try {
      return count(from, to).passage();
    } finally {
      lock.unlock();
    }
  }

  private Count count(long from, long to) {
    return counts.computeIfAbsent(new Way(from, to), _ -> new Count());
  }
}
