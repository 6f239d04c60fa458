package io.quorate.examples.cli;

/** Text as one line. */
public final class OneLine {

  /** How much of a text is shown, in characters. */
  static final int MOST_CHARACTERS = 500;

  private OneLine() {}

  /** Returns the text without control characters, and its beginning only if it is very long. */
  public static String of(String text) {
    var line = new StringBuilder(Math.min(text.length(), MOST_CHARACTERS));
    for (int i = 0; i < text.length() && line.length() < MOST_CHARACTERS; i++) {
      char next = text.charAt(i);
      line.append(Character.isISOControl(next) ? ' ' : next);
    }
    return line.toString().strip() + (text.length() > MOST_CHARACTERS ? " ..." : "");
  }
}
