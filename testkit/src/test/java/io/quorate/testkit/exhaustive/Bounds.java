package io.quorate.testkit.exhaustive;

/**
 * How often at most what happens on one path. Messages that arrive, writes and tasks that end,
 * timers that fire, processes that start and links that come up are not counted.
 *
 * @param losses messages that are lost on a link that stays up
 * @param crashes processes that die
 * @param breaks links that break
 * @param lates timers that fire although another server's was due earlier and has not yet
 * @param commands a leader is told to hand off, or a server to leave
 */
record Bounds(int losses, int crashes, int breaks, int lates, int commands) {
  static final int LOSS = 0;
  static final int CRASH = 1;
  static final int BREAK = 2;
  static final int LATE = 3;
  static final int COMMAND = 4;

  private static final int BITS = 4;
  private static final int MASK = (1 << BITS) - 1;

  static final Bounds NOTHING_FAILS = new Bounds(0, 0, 0, 0, 0);
  static final Bounds ONE_OF_EACH = new Bounds(1, 1, 1, 1, 1);

  /** Returns all of them in one number. */
  int all() {
    return put(losses, LOSS)
        | put(crashes, CRASH)
        | put(breaks, BREAK)
        | put(lates, LATE)
        | put(commands, COMMAND);
  }

  private static int put(int number, int kind) {
    return number << (kind * BITS);
  }

  static boolean has(int left, int kind) {
    return (left & put(MASK, kind)) != 0;
  }

  static int take(int left, int kind) {
    return left - put(1, kind);
  }
}
