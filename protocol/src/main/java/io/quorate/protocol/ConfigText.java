package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The text by which an ensemble's configuration travels, together with what it says. Keeps the
 * bytes, so that the same text is parsed once and compared by its bytes. Immutable.
 */
public final class ConfigText {

  /** The longest text in bytes: what is left of a frame after a notification's fixed fields. */
  public static final int MAX_BYTES =
      FrameCodec.MAX_PAYLOAD_BYTES - NotificationCodec.CONFIG_OFFSET;

  private final byte[] bytes;
  private final EnsembleConfig config;

  private ConfigText(byte[] bytes, EnsembleConfig config) {
    this.bytes = bytes;
    this.config = config;
  }

  /**
   * Returns the text of an ensemble, in the layout that ZooKeeper writes.
   *
   * @param config the ensemble
   * @return its text
   * @throws IllegalArgumentException if the text is longer than {@link #MAX_BYTES}
   */
  public static ConfigText of(EnsembleConfig config) {
    byte[] bytes = Utf8.encode(ConfigFormat.format(config));
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the configuration takes " + bytes.length + " bytes, at most " + MAX_BYTES + " travel");
    }
    return new ConfigText(bytes, config);
  }

  /**
   * Reads a text. Looks no name up.
   *
   * @param utf8 the text in strict UTF-8, at most {@link #MAX_BYTES} long; copied
   * @return the text with what it says, or what is wrong with it
   */
  public static Decoded<ConfigText> parse(byte[] utf8) {
    return parse(ByteBuffer.wrap(utf8));
  }

  /** As {@link #parse(byte[])}, of the bytes between position and limit. */
  static Decoded<ConfigText> parse(ByteBuffer utf8) {
    if (utf8.remaining() > MAX_BYTES) {
      return new Decoded.Malformed<>("a config text has at most " + MAX_BYTES + " bytes");
    }
    Optional<String> text = Utf8.decode(utf8);
    if (text.isEmpty()) {
      return new Decoded.Malformed<>("a config text is not UTF-8");
    }
    return switch (ConfigFormat.parse(text.get())) {
      case Decoded.Ok<EnsembleConfig>(EnsembleConfig config) -> {
        var copy = new byte[utf8.remaining()];
        utf8.duplicate().get(copy);
        yield new Decoded.Ok<>(new ConfigText(copy, config));
      }
      case Decoded.Malformed<EnsembleConfig>(String reason) -> new Decoded.Malformed<>(reason);
    };
  }

  /** Tells whether that part of an array is exactly this text. */
  boolean hasBytes(byte[] array, int from, int length) {
    return Arrays.equals(bytes, 0, bytes.length, array, from, from + length);
  }

  void putInto(ByteBuffer buffer) {
    buffer.put(bytes);
  }

  /**
   * Returns how long the text is.
   *
   * @return bytes
   */
  public int length() {
    return bytes.length;
  }

  /**
   * Returns the text.
   *
   * @return a copy of its bytes
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Returns what the text says.
   *
   * @return the ensemble
   */
  public EnsembleConfig config() {
    return config;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfigText that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns the text itself. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
