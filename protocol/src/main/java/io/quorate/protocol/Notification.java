package io.quorate.protocol;

import java.util.Optional;

/**
 * What a server tells the others about its state and its vote: the only message of ZooKeeper's
 * election port. The sender's id is the connection's and not in here. Immutable.
 *
 * @param state what the sender does
 * @param vote whom it votes for or follows
 * @param round its election round, which ZooKeeper calls electionEpoch
 * @param version the format version that counts in comparing votes: 0 for the layouts of 28, 36 and
 *     40 bytes, 2 for the present one, 1 for one of its length that says so
 * @param config the sender's ensemble, if it told it; only with version 2
 */
public record Notification(
    ServerState state, Vote vote, long round, int version, Optional<ConfigText> config)
    implements Message {

  /** The format version that we send. */
  public static final int CURRENT_VERSION = 2;

  /**
   * Checks the version.
   *
   * @throws IllegalArgumentException if it is not within 0..2, or there is a config without version
   *     2
   */
  public Notification {
    if (version < 0 || version > CURRENT_VERSION) {
      throw new IllegalArgumentException("format version " + version + " does not exist");
    }
    if (config.isPresent() && version != CURRENT_VERSION) {
      throw new IllegalArgumentException("only format version 2 carries a config");
    }
  }
}
