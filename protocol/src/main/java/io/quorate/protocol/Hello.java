package io.quorate.protocol;

/**
 * The first frame of ours on every new link: it says that the sender is no ZooKeeper server, and
 * what it is configured for. Immutable.
 *
 * @param protocolVersion the version of our frames that the sender speaks, from 1 up
 * @param ensembleName the name of its ensemble, at most {@link #MAX_NAME_BYTES} of UTF-8, without
 *     control characters; may be empty
 * @param configDigest the fingerprint of its configuration
 */
public record Hello(int protocolVersion, String ensembleName, ConfigDigest configDigest)
    implements Message {

  /** The longest ensemble name in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 255;

  /** The version of our frames that this library speaks. */
  public static final int CURRENT_PROTOCOL_VERSION = 1;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if the version is below 1, or the name is too long or is not
   *     fit for a log
   */
  public Hello {
    if (protocolVersion < 1) {
      throw new IllegalArgumentException("protocol versions start at 1");
    }
    if (Utf8.encode(ensembleName).length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "an ensemble name has at most " + MAX_NAME_BYTES + " bytes");
    }
    if (ensembleName.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("an ensemble name has a control character");
    }
  }
}
