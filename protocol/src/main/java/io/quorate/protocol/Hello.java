package io.quorate.protocol;

/**
 * The first frame of ours on every new link: it says that the sender is no ZooKeeper server, what
 * it is configured for, and which epoch it has promised. Said again when its priority changes.
 * Immutable.
 *
 * @param protocolVersion the version of our frames that the sender speaks, from 1 up
 * @param ensembleName the name of its ensemble, at most {@link #MAX_NAME_BYTES} of UTF-8, without
 *     control characters; may be empty
 * @param configDigest the fingerprint of its configuration
 * @param priority how much the sender is to be preferred as a leader, from 0, for never, up
 * @param promisedEpoch the largest epoch that the sender has durably promised; 0 for none
 */
public record Hello(
    int protocolVersion,
    String ensembleName,
    ConfigDigest configDigest,
    int priority,
    long promisedEpoch)
    implements Message {

  /** The longest ensemble name in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 255;

  /** The version of our frames that this library speaks. */
  public static final int CURRENT_PROTOCOL_VERSION = 1;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if the version is below 1, the priority or the promised epoch
   *     is below 0, or the name is too long or is not fit for a log
   */
  public Hello {
    if (protocolVersion < 1) {
      throw new IllegalArgumentException("protocol versions start at 1");
    }
    if (priority < 0 || promisedEpoch < 0) {
      throw new IllegalArgumentException("a priority and a promised epoch are at least 0");
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
