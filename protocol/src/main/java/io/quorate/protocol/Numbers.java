package io.quorate.protocol;

/** Numbers as text: ASCII digits only, no sign, no white space, never an exception. */
final class Numbers {

  /** The digits of Long.MAX_VALUE; more of them, were they leading zeros, nobody sends. */
  private static final int MAX_DECIMAL_DIGITS = 19;

  private static final int MAX_HEX_DIGITS = 16;

  private Numbers() {}

  /** Returns the number if it is within 0..max, else -1. */
  static long parseDecimal(String text, long max) {
    return parse(text, 10, MAX_DECIMAL_DIGITS, max);
  }

  /** Returns the number, written in hexadecimal digits of either case, or -1. */
  static long parseHex(String text) {
    return parse(text, 16, MAX_HEX_DIGITS, Long.MAX_VALUE);
  }

  private static long parse(String text, int radix, int maxDigits, long max) {
    if (text.isEmpty() || text.length() > maxDigits) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0 || value > (max - digit) / radix) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }
}
