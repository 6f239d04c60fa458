package io.quorate.faults.toxic;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose a container is: a process, and when it began, because ids are used again.
 *
 * @param pid the process
 * @param since when it began, in milliseconds since 1970; 0 where nobody knows
 */
record Owner(long pid, long since) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})@(\\d{1,18})");

  static Owner ofThisProcess() {
    return of(ProcessHandle.current());
  }

  private static Owner of(ProcessHandle process) {
    return new Owner(
        process.pid(), process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  /** Reads what {@link #toString} says; what else somebody wrote is nobody's. */
  static Owner parse(@Nullable String text) {
    Matcher owner = TEXT.matcher(text == null ? "" : text);
    return owner.matches()
        ? new Owner(Long.parseLong(owner.group(1)), Long.parseLong(owner.group(2)))
        : new Owner(-1, 0);
  }

  /** Returns whether it runs still. */
  boolean lives() {
    Optional<ProcessHandle> process = pid < 0 ? Optional.empty() : ProcessHandle.of(pid);
    return process.filter(found -> found.isAlive() && of(found).equals(this)).isPresent();
  }

  @Override
  public String toString() {
    return pid + "@" + since;
  }
}
