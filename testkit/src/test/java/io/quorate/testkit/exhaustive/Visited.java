package io.quorate.testkit.exhaustive;

/** A set of states, of each of which it keeps 128 bits that tell it from all others. */
final class Visited {
  private static final int FIRST_SLOTS = 1 << 12;

  private long[] slots = new long[2 * FIRST_SLOTS];
  private int size;

  int size() {
    return size;
  }

  /** Returns whether the state is new. */
  boolean add(int[] state) {
    long high = 1;
    long low = 2;
    for (int part : state) {
      high = Fingerprint.mix(high ^ part);
      low = Fingerprint.mix(low + 0x632b_e59b_d9b4_e019L * part) ^ high;
    }
    if (!add(slots, high | 1, low)) { // A slot whose first long is 0 is free.
      return false;
    }
    size++;
    if (4 * size > slots.length) {
      grow();
    }
    return true;
  }

  private void grow() {
    var next = new long[2 * slots.length];
    for (int at = 0; at < slots.length; at += 2) {
      if (slots[at] != 0) {
        add(next, slots[at], slots[at + 1]);
      }
    }
    slots = next;
  }

  private static boolean add(long[] table, long high, long low) {
    int mask = table.length / 2 - 1;
    int slot = (int) (high >>> 1) & mask;
    while (table[2 * slot] != 0) {
      if (table[2 * slot] == high && table[2 * slot + 1] == low) {
        return false;
      }
      slot = slot + 1 & mask;
    }
    table[2 * slot] = high;
    table[2 * slot + 1] = low;
    return true;
  }
}
