package io.quorate.fuzz;

import java.nio.ByteBuffer;
import java.util.List;

/** The bytes of an input, taken as values from the front; zeros once they have run out. */
public final class Cursor {
  private final ByteBuffer bytes;

  /** Starts at the first byte. */
  public Cursor(byte[] input) {
    this.bytes = ByteBuffer.wrap(input);
  }

  /** Returns whether all bytes are taken. */
  public boolean isAtEnd() {
    return !bytes.hasRemaining();
  }

  /** Returns a number from 0 to 255. */
  public int next() {
    return bytes.hasRemaining() ? Byte.toUnsignedInt(bytes.get()) : 0;
  }

  /** Returns whether the next byte is odd. */
  public boolean nextBoolean() {
    return next() % 2 == 1;
  }

  /** Returns any number. */
  public long nextLong() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << Byte.SIZE | next();
    }
    return value;
  }

  /** Returns a number within these bounds, both of which it can be. */
  public long nextWithin(long least, long most) {
    return least + Long.remainderUnsigned(nextLong(), most - least + 1);
  }

  /** Returns one of at most 256 values. */
  public <T> T oneOf(List<T> values) {
    return values.get(next() % values.size());
  }

  /** Returns the next bytes: as many as wanted, or as there are. */
  public byte[] take(int most) {
    var taken = new byte[Math.min(most, bytes.remaining())];
    bytes.get(taken);
    return taken;
  }

  /** Returns all bytes that are left. */
  public byte[] rest() {
    return take(bytes.remaining());
  }
}
