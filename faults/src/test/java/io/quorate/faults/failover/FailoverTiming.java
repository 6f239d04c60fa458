package io.quorate.faults.failover;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.quorate.faults.host.Hosts;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * How long it takes until the next one leads, over processes of the packaged command on loopback;
 * where the network fails, on hosts of their own. Prints what was measured beside what is to be
 * reached; it fails only for what must never be, and when nobody leads at all. Run with the
 * launcher, a directory for the servers' files, the number of rounds, the numbers of servers as in
 * {@code 3,5}, and optionally names of {@link Failure} or {@code COLD} to measure these only.
 */
final class FailoverTiming {

  private static final String COLD = "COLD";

  private final PrintStream out = System.out;
  private final Path launcher;
  private final Path parent;
  private final int rounds;
  private final List<Integer> sizes;
  private final List<String> chosen;
  private final List<String> violations = new ArrayList<>();

  private FailoverTiming(String[] args) {
    launcher = Path.of(args[0]);
    parent = Path.of(args[1]);
    rounds = Integer.parseInt(args[2]);
    sizes = Stream.of(args[3].split(",")).map(Integer::valueOf).toList();
    chosen = List.of(args).subList(4, args.length);
  }

  /** Measures, and ends the JVM with 1 if something must not be. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(new FailoverTiming(args).run() ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    Files.createDirectories(parent);
    quietHere();
    out.printf("fail-over of processes on loopback, preset lan; %s%n%n", load());
    out.println(Times.head());
    Optional<String> noHosts = Hosts.missing();
    for (int servers : sizes) {
      for (Failure failure : Failure.values()) {
        if (isChosen(failure.name()) && (noHosts.isEmpty() || !failure.isOfTheNetwork())) {
          show(
              failure.title(),
              servers,
              Failover.run(launcher, parent, failure, servers, rounds),
              failure.bound());
        }
      }
    }
    if (isChosen(COLD)) {
      String bound = "median 60, from the last one listening";
      show("cold start", 3, ColdStart.ofProcesses(launcher, parent, 3, rounds), bound);
      Times inProcess = ColdStart.inProcess(parent, 3, rounds);
      out.println(inProcess.row("cold start in one process", 3, bound));
    }
    noHosts.ifPresent(out::println);
    out.printf("%n%s; %s%n", load(), violations.isEmpty() ? "nothing unsafe" : "UNSAFE:");
    violations.forEach(out::println);
    return violations.isEmpty();
  }

  private boolean isChosen(String name) {
    return chosen.isEmpty() || chosen.contains(name);
  }

  private void show(String what, int servers, Failover.Outcome outcome, String bound) {
    out.println(outcome.times().row(what, servers, bound));
    outcome
        .violations()
        .forEach(violation -> violations.add(what + ", " + servers + " servers: " + violation));
  }

  /** The servers in this process would log between the rows of the table. */
  private static void quietHere() {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.ERROR);
    }
  }

  private static String load() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "%d processors, load %.1f",
        system.getAvailableProcessors(),
        system.getSystemLoadAverage());
  }
}
