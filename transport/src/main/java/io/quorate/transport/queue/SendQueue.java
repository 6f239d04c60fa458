package io.quorate.transport.queue;

import io.quorate.protocol.FrameCodec;
import io.quorate.transport.SendResult;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written to one link, in the order in which it is sent.
 *
 * <p>A message that tells a state takes the place of the unsent older one of its kind, so a kind
 * that changes often neither loses its turn nor delays the others. A message in order is refused
 * when the queue is full; the older ones stay. Offering never waits. Any thread may offer; one
 * thread, the send worker, drains.
 */
public final class SendQueue {

  /** Kinds of state that may wait at once; beyond, a message of yet another kind is refused. */
  public static final int MAX_KINDS = 64;

  /** Bytes that may wait at once; one message may always wait, however long it is. */
  public static final long MAX_BYTES = 16L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Map<Integer, Entry> latest = new HashMap<>();
  private final int capacity;
  private int inOrder;
  private long bytes;
  private State state = State.OPEN;

  private enum State {
    /** Takes and gives messages. */
    OPEN,
    /** Takes no more; gives what is there. */
    FINISHING,
    /** Neither takes nor gives. */
    CLOSED
  }

  private static final class Entry {
    private final boolean state;
    private final int kind;
    private byte[] message;

    Entry(boolean state, int kind, byte[] message) {
      this.state = state;
      this.kind = kind;
      this.message = message;
    }
  }

  /**
   * Starts empty.
   *
   * @param capacity messages in order that may wait
   */
  public SendQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Puts a message at the place of the unsent older one of its kind, or else at the end.
   *
   * @param kind which messages replace each other
   * @param message not to be changed afterwards
   * @return what became of it
   */
  public SendResult offerLatest(int kind, byte[] message) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return SendResult.NOT_CONNECTED;
      }
      Entry older = latest.get(kind);
      if (older != null) {
        // Not refused for its bytes: what it tells is newer, and one message per kind is a bound.
        bytes += message.length - older.message.length;
        older.message = message;
        return SendResult.REPLACED;
      }
      if (latest.size() == MAX_KINDS || isFullWith(message)) {
        return SendResult.QUEUE_FULL;
      }
      var entry = new Entry(true, kind, message);
      latest.put(kind, entry);
      append(entry);
      return SendResult.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a message at the end.
   *
   * @param message not to be changed afterwards
   * @return what became of it
   */
  public SendResult offerInOrder(byte[] message) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return SendResult.NOT_CONNECTED;
      }
      if (inOrder == capacity || isFullWith(message)) {
        return SendResult.QUEUE_FULL;
      }
      inOrder++;
      append(new Entry(false, 0, message));
      return SendResult.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is something to send and takes as much of it as makes one write.
   *
   * @param batch empty; where the messages are added in order
   * @param maxBytes what the batch may take on the wire, lengths included; the first message is
   *     taken however long it is
   * @return false when the queue is closed, or finished and drained, and there is nothing
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean drainTo(List<byte[]> batch, long maxBytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (entries.isEmpty() && state == State.OPEN) {
        changed.await();
      }
      long taken = 0;
      for (Entry next = entries.peek(); next != null; next = entries.peek()) {
        taken += FrameCodec.encodedBytes(next.message);
        if (taken > maxBytes && !batch.isEmpty()) {
          break;
        }
        batch.add(next.message);
        remove(next);
      }
      return !batch.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next message, if there is one now.
   *
   * @return the oldest; empty when nothing waits
   */
  public Optional<byte[]> poll() {
    lock.lock();
    try {
      Entry next = entries.peek();
      if (next == null) {
        return Optional.empty();
      }
      remove(next);
      return Optional.of(next.message);
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more messages; those that are there are still given to the send worker. */
  public void finish() {
    end(State.FINISHING);
  }

  /** Drops everything and takes no more. */
  public void close() {
    end(State.CLOSED);
  }

  private void end(State next) {
    lock.lock();
    try {
      if (state == State.CLOSED) {
        return;
      }
      state = next;
      if (next == State.CLOSED) {
        entries.clear();
        latest.clear();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFullWith(byte[] message) {
    return !entries.isEmpty() && bytes + message.length > MAX_BYTES;
  }

  private void append(Entry entry) {
    entries.add(entry);
    bytes += entry.message.length;
    changed.signal();
  }

  private void remove(Entry entry) {
    entries.remove();
    bytes -= entry.message.length;
    if (entry.state) {
      latest.remove(entry.kind);
    } else {
      inOrder--;
    }
  }
}
