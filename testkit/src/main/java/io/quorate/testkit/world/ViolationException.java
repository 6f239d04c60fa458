package io.quorate.testkit.world;

/** Something has happened that must never happen. */
final class ViolationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String property;

  ViolationException(String property, String detail) {
    super(detail);
    this.property = property;
  }

  /** Returns what is broken. */
  String property() {
    return property;
  }
}
