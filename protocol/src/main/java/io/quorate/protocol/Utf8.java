package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** UTF-8 without repairs: what is not exactly UTF-8 has no text. */
final class Utf8 {

  private Utf8() {}

  /** Returns the text of the bytes between position and limit, which stay where they are. */
  static Optional<String> decode(ByteBuffer bytes) {
    try {
      // A new decoder reports malformed input; the convenience methods of String replace it.
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the bytes of a text.
   *
   * @throws IllegalArgumentException if it has a surrogate without its other half
   */
  static byte[] encode(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      var bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text with half a surrogate pair has no UTF-8", e);
    }
  }
}
