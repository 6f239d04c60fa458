package io.quorate.protocol;

/**
 * A frame of ours of a kind that this version does not know. A newer peer sends them; to be
 * ignored. Its body is not kept. Immutable.
 *
 * @param kind the number of the kind, from 0x51000001 up, none that this version knows
 * @param epoch the epoch that it is about
 * @param sequence its number
 * @param a the first field that the kind gives a meaning
 * @param b the second one
 */
public record UnknownExtension(int kind, long epoch, long sequence, long a, long b)
    implements Message {

  /**
   * Checks the kind.
   *
   * @throws IllegalArgumentException if it is no kind of ours, or a known one
   */
  public UnknownExtension {
    if (!ExtensionCodec.isExtension(kind) || ExtensionCodec.isKnown(kind)) {
      throw new IllegalArgumentException("kind " + kind + " is not an unknown kind of ours");
    }
  }
}
