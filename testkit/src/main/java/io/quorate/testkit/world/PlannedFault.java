package io.quorate.testkit.world;

import io.quorate.protocol.ServerId;
import io.quorate.testkit.Fault;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One fault of a script.
 *
 * @param at when it begins, in nanoseconds of the true time
 * @param fault what happens
 * @param target to whom; empty: to whoever leads then
 * @param other who else, if the fault is between two
 * @param lasts how long, in nanoseconds
 * @param seed decides what is left open
 */
record PlannedFault(
    long at, Fault fault, Optional<ServerId> target, ServerId other, long lasts, long seed) {

  private static final Pattern LINE =
      Pattern.compile(
          "at (\\d+) us (\\w+) of (leader|\\d+) with (\\d+) for (\\d+) us, seed (-?\\d+)");

  @Override
  public String toString() {
    return "at %d us %s of %s with %s for %d us, seed %d"
        .formatted(
            at / VirtualTime.MICRO,
            fault,
            target.map(ServerId::toString).orElse("leader"),
            other,
            lasts / VirtualTime.MICRO,
            seed);
  }

  static PlannedFault parse(String line) {
    Matcher m = LINE.matcher(line);
    if (!m.matches()) {
      throw new IllegalArgumentException("no fault: " + line);
    }
    return new PlannedFault(
        Long.parseLong(m.group(1)) * VirtualTime.MICRO,
        Fault.valueOf(m.group(2)),
        m.group(3).equals("leader") ? Optional.empty() : Optional.of(id(m.group(3))),
        id(m.group(4)),
        Long.parseLong(m.group(5)) * VirtualTime.MICRO,
        Long.parseLong(m.group(6)));
  }

  private static ServerId id(String text) {
    return ServerId.of(Long.parseLong(text));
  }
}
