package io.quorate.faults.process;

import io.quorate.faults.ensemble.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terms that were told, and the time between them.
 *
 * @param granted how many began, of those that were told before they were over
 * @param grantedLate how many were over when it was told that they began
 * @param ends how many ended for which cause
 * @param outages from when the last leader last said that it led until the next one did, by length
 */
record Terms(long granted, long grantedLate, Map<String, Integer> ends, List<Long> outages) {

  private static final Pattern LATE = Pattern.compile("\"event\":\"grantedLate\",\"epoch\":(\\d+)");

  /** Finds them in what was told, by time. */
  static Terms of(List<Told> merged) {
    long granted = 0;
    long late = 0;
    var ends = new TreeMap<String, Integer>();
    var outages = new ArrayList<Long>();
    long epoch = 0;
    long lastValid = 0;
    for (Told told : merged) {
      long valid = 0;
      switch (told.what()) {
        case Told.Granted(long its) -> {
          granted++;
          valid = its;
        }
        case Told.Valid(long its, long _) -> valid = its;
        case Told.Revoked(long _, String cause) -> ends.merge(cause, 1, Integer::sum);
        case Told.Other(String line) -> late += LATE.matcher(line).find() ? 1 : 0;
        case Told.Listening _, Told.Looking _, Told.Elected _, Told.Knows _ -> {}
      }
      if (valid > epoch && epoch > 0) {
        outages.add(told.nanos() - lastValid);
      }
      if (valid > 0) {
        epoch = Math.max(epoch, valid);
        lastValid = told.nanos();
      }
    }
    return new Terms(granted, late, ends, outages.stream().sorted().toList());
  }

  /** Returns what must not be, besides what a judge of what was told in time finds. */
  static List<String> violations(List<Told> merged) {
    var violations = new ArrayList<String>();
    var epochs = new HashMap<Long, Told>();
    for (Told told : merged) {
      long epoch = 0;
      if (told.what() instanceof Told.Granted(long its)) {
        epoch = its;
      } else if (told.what() instanceof Told.Other(String line)) {
        Matcher late = LATE.matcher(line);
        epoch = late.find() ? Long.parseLong(late.group(1)) : 0;
      } else if (told.what() instanceof Told.Revoked(long _, String cause)
          && cause.equals("taskFailed")) {
        violations.add("the writing failed: " + told);
      }
      Told before = epoch > 0 ? epochs.putIfAbsent(epoch, told) : null;
      if (before != null) {
        violations.add("epoch " + epoch + " was granted twice, once late: " + before + ", " + told);
      }
    }
    return violations;
  }

  Duration medianOutage() {
    return outages.isEmpty() ? Duration.ZERO : Duration.ofNanos(outages.get(outages.size() / 2));
  }

  Duration longestOutage() {
    return outages.isEmpty() ? Duration.ZERO : Duration.ofNanos(outages.getLast());
  }
}
