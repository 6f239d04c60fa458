package io.quorate.benchmarks.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Two servers in this process that are connected over loopback. Messages are numbered in their
 * first bytes, and each is checked where it arrives.
 */
interface Pair extends AutoCloseable {

  /** Sends one message there and back, again and again; returns the nanoseconds of each. */
  long[] roundTrips(int count, int bytes) throws Exception;

  /** Sends messages one way; returns the nanoseconds from the first one until all have arrived. */
  long stream(int count, int bytes) throws Exception;

  @Override
  void close() throws IOException;

  /** Makes a message. */
  static byte[] message(int number, int bytes) {
    byte[] message = new byte[bytes];
    ByteBuffer.wrap(message).putInt(number);
    return message;
  }

  /**
   * Checks a message.
   *
   * @throws IllegalStateException if it is another one
   */
  static void check(byte[] message, int number, int bytes) {
    check(ByteBuffer.wrap(message).getInt(), message.length, number, bytes);
  }

  /** As above, of one that is no array. */
  static void check(int numberOfMessage, int bytesOfMessage, int number, int bytes) {
    if (bytesOfMessage != bytes || numberOfMessage != number) {
      throw new IllegalStateException(
          "message "
              + numberOfMessage
              + " of "
              + bytesOfMessage
              + " bytes came in place of "
              + number
              + " of "
              + bytes);
    }
  }
}
