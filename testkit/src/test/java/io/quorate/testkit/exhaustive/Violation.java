package io.quorate.testkit.exhaustive;

import java.io.Serial;

/** Something has happened that must never happen. */
final class Violation extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  Violation(String rule, Object detail) {
    super(rule + " is broken: " + detail);
  }

  static void unless(boolean holds, String rule, Object detail) {
    if (!holds) {
      throw new Violation(rule, detail);
    }
  }
}
