package io.quorate.election.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides which warnings are told, so that a flood of one kind neither fills the log nor hides
 * another kind. A spell begins with the first warning and lasts {@link #SPELL}; in it, so many of
 * each kind are told. Pure. Not safe for use by several threads.
 */
final class WarningBudget {

  /** How long a spell lasts. */
  static final Duration SPELL = Duration.ofSeconds(10);

  /** Warnings of one code that are told in one spell. */
  static final int PER_CODE = 4;

  /** Codes that are told apart in one spell; the others share one budget. */
  static final int MAX_CODES = 64;

  private static final String OTHER_CODES = "";

  private final Map<String, Integer> told = new HashMap<>();
  private long suppressed;

  /** Returns whether a spell is going on, and so whether its end has been asked for. */
  boolean isInSpell() {
    return !told.isEmpty();
  }

  /** Counts a warning; returns whether to tell it. */
  boolean admits(String code) {
    return admits(code, PER_CODE);
  }

  /** The same for something of which another number is told in one spell. */
  boolean admits(String code, int most) {
    String key = told.containsKey(code) || told.size() < MAX_CODES ? code : OTHER_CODES;
    int before = told.getOrDefault(key, 0);
    told.put(key, Math.min(before + 1, most));
    suppressed += before < most ? 0 : 1;
    return before < most;
  }

  /** Ends the spell; returns how many warnings were not told in it. */
  long endSpell() {
    long notTold = suppressed;
    suppressed = 0;
    told.clear();
    return notTold;
  }
}
