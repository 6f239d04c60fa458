package io.quorate.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * The fingerprint of an ensemble's configuration. Two servers with the same one agree on who
 * belongs to the ensemble and how votes are weighed. Immutable.
 *
 * <p>{@link EnsembleConfig#digest()} makes one of 32 bytes; a peer may send one of another length.
 *
 * @param hex the bytes in lower-case hexadecimal, at most {@link #MAX_BYTES} of them; empty for one
 *     who knows of no configuration
 */
public record ConfigDigest(String hex) {

  /** The longest digest in bytes. */
  public static final int MAX_BYTES = 64;

  /**
   * Checks the field.
   *
   * @throws IllegalArgumentException if these are not whole bytes in lower-case hexadecimal, or too
   *     many
   */
  public ConfigDigest {
    boolean digits = hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (!digits || hex.length() % 2 != 0 || hex.length() > 2 * MAX_BYTES) {
      throw new IllegalArgumentException(
          "a digest is at most " + MAX_BYTES + " bytes in lower-case hexadecimal");
    }
  }

  static ConfigDigest ofBytes(byte[] bytes) {
    return new ConfigDigest(HexFormat.of().formatHex(bytes));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** Hashes a text of one line a member, then one a group, then one a weight, all sorted. */
  static ConfigDigest of(EnsembleConfig config) {
    var canonical = new StringBuilder();
    for (Member member : config.members().values()) {
      canonical.append("server.").append(member.id()).append('=');
      canonical.append(
          member.electionAddresses().stream()
              .map(HostPort::toString)
              .sorted()
              .collect(Collectors.joining("|")));
      canonical.append(
          switch (member.role()) {
            case PARTICIPANT -> ":participant\n";
            case OBSERVER -> ":observer\n";
          });
    }
    config.hierarchy().ifPresent(hierarchy -> ConfigFormat.appendHierarchy(canonical, hierarchy));
    try {
      byte[] text = Utf8.encode(canonical.toString());
      return ofBytes(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the hexadecimal digits. */
  @Override
  public String toString() {
    return hex;
  }
}
