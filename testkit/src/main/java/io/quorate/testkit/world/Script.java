package io.quorate.testkit.world;

import io.quorate.election.LeaseTimings;
import io.quorate.protocol.ServerId;
import io.quorate.testkit.world.Setup.AlgorithmKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that decides a run: the same script, the same run. It can be written, read, and made shorter.
 *
 * @param seed decides what is left open: delays, clocks, the times of writes
 * @param setup the ensemble
 * @param faults what happens to it, in the order of time
 * @param end when the time of faults ends, in nanoseconds of the true time
 * @param well who is well from then on
 * @param rest what becomes of the others
 */
record Script(
    long seed, Setup setup, List<PlannedFault> faults, long end, Set<ServerId> well, Rest rest) {

  private static final String GROUPED = "grouped";
  private static final String CHANGING = "changing";

  /** What becomes of those that do not get well. */
  enum Rest {
    /** They are dead, or cut off from everybody. */
    GONE,
    /** They are well, but some links to the others never come up. */
    HALF_CONNECTED,
    /** Their links come up and break, for ever. */
    FLAPPING
  }

  Script with(List<PlannedFault> fewer) {
    return new Script(seed, setup, fewer, end, well, rest);
  }

  /** Two valid leaderships at once are no violation where a clock or a machine broke its word. */
  boolean mayOverlap() {
    return faults.stream()
        .anyMatch(
            it ->
                switch (it.fault()) {
                  case DRIFT_BEYOND_THE_BOUND, SUSPENDED_MACHINE -> true;
                  default -> false;
                });
  }

  // ---- as text ----

  /** Returns it as text that {@link #parse} reads. */
  String text() {
    LeaseTimings t = setup.timings();
    var lines = new ArrayList<String>();
    lines.add("seed " + seed);
    lines.add("algorithm " + setup.kind());
    lines.add(
        "voters "
            + setup.voters().voters().size()
            + (setup.isGrouped() ? " " + GROUPED : setup.isChanging() ? " " + CHANGING : ""));
    lines.add(
        "priorities "
            + setup.priorities().entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .collect(Collectors.joining(" ")));
    lines.add(
        "timings %d %d %d ms, drift %s%s"
            .formatted(
                t.lease().toMillis(),
                t.heartbeat().toMillis(),
                t.suspectAfter().toMillis(),
                t.drift(),
                setup.fastFailover() ? ", fast failover" : ""));
    faults.forEach(fault -> lines.add(fault.toString()));
    lines.add(
        "at %d us well %s, the rest %s"
            .formatted(
                end / VirtualTime.MICRO,
                well.stream().map(ServerId::toString).collect(Collectors.joining(" ")),
                rest));
    return String.join("\n", lines) + "\n";
  }

  /**
   * Reads what {@link #text} wrote; lines that begin with {@code #} are for people.
   *
   * @throws IllegalArgumentException if it is no script
   */
  static Script parse(String text) {
    List<String> lines =
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    var header = new TreeMap<String, String>();
    var faults = new ArrayList<PlannedFault>();
    Optional<String> last = Optional.empty();
    for (String line : lines) {
      int space = line.indexOf(' ');
      String key = line.substring(0, Math.max(0, space));
      if (!key.equals("at")) {
        header.put(key, line.substring(space + 1));
      } else if (line.contains(" us well ")) {
        last = Optional.of(line);
      } else {
        faults.add(PlannedFault.parse(line));
      }
    }
    try {
      String end = last.orElseThrow(() -> new IllegalArgumentException("it has no end"));
      String[] parts = end.split("( us well )|(, the rest )", -1);
      return new Script(
          Long.parseLong(header.get("seed")),
          setup(header),
          List.copyOf(faults),
          Long.parseLong(parts[0].substring("at ".length())) * VirtualTime.MICRO,
          ids(parts[1]),
          Rest.valueOf(parts[2]));
    } catch (NullPointerException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("no script: " + text, e);
    }
  }

  private static Setup setup(Map<String, String> header) {
    String[] voters = get(header, "voters").split(" ", -1);
    var priorities = new TreeMap<ServerId, Integer>();
    for (String each : get(header, "priorities").split(" ", -1)) {
      String[] pair = each.split("=", -1);
      priorities.put(id(pair[0]), Integer.parseInt(pair[1]));
    }
    String[] timings = get(header, "timings").split("( ms, drift )|(, )| ", -1);
    var lease =
        new LeaseTimings(
            millis(timings[0]),
            millis(timings[1]),
            millis(timings[2]),
            Double.parseDouble(timings[3]));
    String how = voters.length > 1 ? voters[1] : "";
    Setup setup =
        Setup.of(Integer.parseInt(voters[0]), how.equals(GROUPED), priorities, lease)
            .with(AlgorithmKind.valueOf(get(header, "algorithm")), timings.length > 4);
    return how.equals(CHANGING) ? setup.changing() : setup;
  }

  private static String get(Map<String, String> header, String key) {
    return Optional.ofNullable(header.get(key))
        .orElseThrow(() -> new IllegalArgumentException("it has no line '" + key + "'"));
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  private static Set<ServerId> ids(String text) {
    var ids = new TreeSet<ServerId>();
    for (String each : text.split(" ", -1)) {
      ids.add(id(each));
    }
    return ids;
  }

  private static ServerId id(String text) {
    return ServerId.of(Long.parseLong(text));
  }
}
