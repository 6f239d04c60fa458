package io.quorate.protocol;

import java.util.Optional;

/** What a server does at the moment, as it says in its notifications. */
public enum ServerState {
  /** Takes part in an election and follows nobody yet. */
  LOOKING(0),
  /** A voter that has found its leader. */
  FOLLOWING(1),
  /** The leader, in its own opinion. */
  LEADING(2),
  /** A non-voter that has found its leader. */
  OBSERVING(3);

  private final int wireCode;

  ServerState(int wireCode) {
    this.wireCode = wireCode;
  }

  /**
   * Returns the first int of a notification of a server in this state.
   *
   * @return 0 to 3
   */
  public int wireCode() {
    return wireCode;
  }

  static Optional<ServerState> ofWireCode(int code) {
    return switch (code) {
      case 0 -> Optional.of(LOOKING);
      case 1 -> Optional.of(FOLLOWING);
      case 2 -> Optional.of(LEADING);
      case 3 -> Optional.of(OBSERVING);
      default -> Optional.empty();
    };
  }
}
