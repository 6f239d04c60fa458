package io.quorate.testkit.exhaustive;

import java.util.Arrays;

/** What is known of triples of numbers that are at least 0: one number each. */
final class Table {
  private static final int FIRST_SLOTS = 1 << 10;
  private static final int NONE = -1;

  private int[] slots = empty(FIRST_SLOTS);
  private int size;

  /** Four ints a slot: the key, and the value. */
  private static int[] empty(int count) {
    var made = new int[4 * count];
    Arrays.fill(made, NONE);
    return made;
  }

  /** Returns the value, or -1. */
  int get(int a, int b, int c) {
    return slots[slot(slots, a, b, c) + 3];
  }

  void put(int a, int b, int c, int value) {
    int at = slot(slots, a, b, c);
    size += slots[at + 3] == NONE ? 1 : 0;
    set(slots, at, a, b, c);
    slots[at + 3] = value;
    if (8 * size > slots.length) { // Half full.
      grow();
    }
  }

  private void grow() {
    int[] next = empty(slots.length / 2);
    for (int at = 0; at < slots.length; at += 4) {
      if (slots[at + 3] != NONE) {
        int to = slot(next, slots[at], slots[at + 1], slots[at + 2]);
        System.arraycopy(slots, at, next, to, 4);
      }
    }
    slots = next;
  }

  private static void set(int[] table, int at, int a, int b, int c) {
    table[at] = a;
    table[at + 1] = b;
    table[at + 2] = c;
  }

  private static int slot(int[] table, int a, int b, int c) {
    long mixed = Fingerprint.mix(((long) a << 32 | b) ^ Fingerprint.mix(c));
    int mask = table.length / 4 - 1;
    int slot = (int) mixed & mask;
    while (true) {
      int at = 4 * slot;
      boolean same = table[at] == a && table[at + 1] == b && table[at + 2] == c;
      if (same || table[at + 3] == NONE) {
        return at;
      }
      slot = slot + 1 & mask;
    }
  }
}
