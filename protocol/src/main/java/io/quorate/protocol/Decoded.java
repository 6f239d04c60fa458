package io.quorate.protocol;

/**
 * The outcome of decoding: a value, or the reason why there is none. Codecs return it instead of
 * throwing, whatever the bytes.
 *
 * @param <T> what was to be decoded
 */
public sealed interface Decoded<T> {

  /**
   * The bytes were well-formed.
   *
   * @param <T> what was to be decoded
   * @param value what they say
   */
  record Ok<T>(T value) implements Decoded<T> {}

  /**
   * The bytes were not what the format allows.
   *
   * @param <T> what was to be decoded
   * @param reason one line without bytes of the peer in it, fit for a log
   */
  record Malformed<T>(String reason) implements Decoded<T> {}
}
