package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.Judge;
import io.quorate.faults.ensemble.Servers;
import io.quorate.faults.ensemble.Start;
import io.quorate.faults.ensemble.Told;
import io.quorate.ports.Loopback;
import io.quorate.protocol.ConfigDigest;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Three servers that know their leader, attacks on them, and what must be as before when an attack
 * is over: the leader and its epoch at every moment; the links among the servers; and soon after,
 * what each process holds. Belongs to one thread.
 */
final class Siege implements AutoCloseable {

  /**
   * How soon after an attack a process must hold no more than before: a handshake's time, twice.
   */
  static final Duration RECOVERY = Duration.ofSeconds(10);

  /** For so long a server tells no more of a kind of warning than its budget. */
  private static final Duration WARNING_SPELL = Duration.ofSeconds(10);

  private static final Path IMAGE =
      Path.of(Objects.requireNonNull(System.getProperty("quorate.image"), "quorate.image"));

  /** Lines that one server may tell in one attack, and bytes that it may log, whatever comes. */
  private static final int MOST_LINES = 400;

  private static final int MOST_LOG_BYTES = 64 * 1024;

  private static final Pattern LINK_DOWN =
      Pattern.compile("\"event\":\"linkDown\",\"peer\":(\\d+),");

  private static final Pattern LINK =
      Pattern.compile("\"event\":\"link(Up|Down)\",\"peer\":(\\d+)");

  private static final Pattern WARNING =
      Pattern.compile("\"event\":\"warning\",\"code\":\"(\\w+)\"");

  private final Servers servers;
  private final Path scratch;
  private final Map<Long, InetSocketAddress> addresses = new TreeMap<>();

  Siege() throws IOException, InterruptedException {
    this(start -> start);
  }

  Siege(UnaryOperator<Start> surroundings) throws IOException, InterruptedException {
    List<Integer> ports = Loopback.lastingPorts(3);
    for (int port : ports) {
      addresses.put(
          addresses.size() + 1L, new InetSocketAddress(InetAddress.ofLiteral(Loopback.HOST), port));
    }
    scratch = IMAGE.resolveSibling("hostile");
    servers =
        new Servers(IMAGE.resolve("bin/quorate"), scratch, Loopback.members(ports), surroundings);
    try {
      servers.startAll();
      var _ = servers.awaitAgreement(Servers.LIMIT);
    } catch (IOException | InterruptedException | RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  /** What is done to the servers; counts each thing that it does. */
  interface Attack {
    void run(Tally tally) throws Exception;
  }

  /**
   * What an attack must leave behind, and may.
   *
   * @param done what the attacker must have done, each at least once
   * @param warnings what must have been told by somebody, each at least once
   * @param impostor as whom the attacker speaks: this server may lose its links and its leader; 0
   *     for nobody
   */
  record Expected(Set<String> done, Set<String> warnings, long impostor) {
    static Expected of(Set<String> done, Set<String> warnings) {
      return new Expected(done, warnings, 0);
    }

    Expected fromImpostorOf(long id) {
      return new Expected(done, warnings, id);
    }
  }

  Servers servers() {
    return servers;
  }

  /** Returns where the servers that run listen. */
  Map<Long, InetSocketAddress> addresses() {
    var those = new TreeMap<>(addresses);
    those.keySet().retainAll(running());
    return those;
  }

  private List<Long> running() {
    return servers.ids().stream().filter(servers::runs).toList();
  }

  /** Lets the server with the largest id lead: who speaks for it can take its links. */
  Told.Knows letTheLargestLead() throws IOException, InterruptedException {
    servers.startAll();
    long largest = servers.ids().getLast();
    Told.Knows now = leader();
    while (now.leader() != largest) {
      int mark = servers.history().mark();
      servers.killAll(List.of(now.leader()));
      var _ = awaitGrantAfter(mark, now.epoch());
      servers.startAll();
      now = leader();
    }
    return now;
  }

  /** Waits until somebody is granted a later epoch; returns when it was. */
  long awaitGrantAfter(int mark, long epoch) throws InterruptedException {
    return servers
        .history()
        .awaitAfter(
            mark,
            told ->
                told.what() instanceof Told.Granted(long later) && later > epoch
                    ? Optional.of(told.nanos())
                    : Optional.empty(),
            Servers.LIMIT,
            "a successor leads");
  }

  /** Returns the fingerprint of the ensemble, which its servers tell each other. */
  ConfigDigest digest() {
    List<Member> members =
        addresses.entrySet().stream()
            .map(
                each ->
                    Member.of(
                        ServerId.of(each.getKey()),
                        Member.Role.PARTICIPANT,
                        List.of(new HostPort(Loopback.HOST, each.getValue().getPort()))))
            .toList();
    return EnsembleConfig.majority(members).digest();
  }

  /** Returns an address that strangers call from: there are three, since each has its limits. */
  static InetAddress from(int number) {
    return InetAddress.ofLiteral("127.0.1." + (number % 3 + 1));
  }

  Told.Knows leader() throws InterruptedException {
    return servers.awaitAgreement(Servers.LIMIT);
  }

  /** Attacks, and looks whether all is as it was. */
  Tally withstand(String name, Expected expected, Attack attack) throws Exception {
    Told.Knows leader = leader();
    Map<Long, Vitals> before = vitals();
    Map<Long, Long> logs = logBytes();
    int mark = servers.history().mark();
    var tally = new Tally();
    long start = System.nanoTime();
    int files;
    try (var peak = new Peak(running().stream().map(servers::process).toList())) {
      attack.run(tally);
      files = peak.files();
    }
    double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    System.out.printf("%s: %.1f s, %s, files up to %d%n", name, seconds, tally, files);
    Map<Long, Vitals> after = awaitVitals(before);
    List<Told> told = servers.history().since(mark);
    System.out.printf(
        "    told %s; lease left at least %d ms; %s, then %s%n",
        warnings(told), leastLease(told, leader).toMillis(), before, after);
    assertEquals(leader, leader(), name);
    List<Told> changes =
        changes(told).stream().filter(each -> each.server() != expected.impostor()).toList();
    assertEquals(List.of(), changes, name + ": the leader stays");
    assertEquals(Map.of(), lost(told, expected.impostor()), name + ": lost links");
    for (String what : expected.done()) {
      assertTrue(tally.of(what) > 0, () -> name + ": nothing was done of " + what);
    }
    Set<String> warned = warnings(toldSince(start - WARNING_SPELL.toNanos())).all().keySet();
    assertTrue(warned.containsAll(expected.warnings()), () -> name + warned);
    assertQuiet(name, told, logs);
    return tally;
  }

  /** What was told often enough within the last spell is not told again in it. */
  private List<Told> toldSince(long nanos) {
    return servers.history().merged().stream().filter(told -> told.nanos() - nanos >= 0).toList();
  }

  private void assertQuiet(String name, List<Told> told, Map<Long, Long> logs) throws IOException {
    for (long id : running()) {
      long lines = told.stream().filter(each -> each.server() == id && !isValid(each)).count();
      assertTrue(lines <= MOST_LINES, () -> name + ": server " + id + " told " + lines + " lines");
      long bytes = Files.size(servers.log(id)) - logs.get(id);
      assertTrue(bytes <= MOST_LOG_BYTES, () -> name + ": server " + id + " logged " + bytes);
    }
  }

  private Map<Long, Long> logBytes() throws IOException {
    var bytes = new TreeMap<Long, Long>();
    for (long id : running()) {
      bytes.put(id, Files.size(servers.log(id)));
    }
    return bytes;
  }

  private Map<Long, Vitals> vitals() throws IOException, InterruptedException {
    var vitals = new TreeMap<Long, Vitals>();
    for (long id : running()) {
      vitals.put(id, Vitals.of(servers.process(id).pid(), scratch));
    }
    return vitals;
  }

  private Map<Long, Vitals> awaitVitals(Map<Long, Vitals> before)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + RECOVERY.toNanos();
    while (true) {
      Map<Long, Vitals> now = vitals();
      if (now.entrySet().stream().allMatch(e -> e.getValue().isBackTo(before.get(e.getKey())))) {
        return now;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("was " + before + ", and stays " + now);
      }
      pause(Duration.ofMillis(200));
    }
  }

  private static List<Told> changes(List<Told> told) {
    return told.stream()
        .filter(each -> !(each.what() instanceof Told.Other) && !isValid(each))
        .toList();
  }

  private static boolean isValid(Told told) {
    return told.what() instanceof Told.Valid;
  }

  /** Returns which servers lost a link to which members, but for those of one. */
  private static Map<Long, Set<Long>> lost(List<Told> told, long impostor) {
    var lost = new TreeMap<Long, Set<Long>>();
    for (Told each : told) {
      if (each.what() instanceof Told.Other(String line)) {
        Matcher down = LINK_DOWN.matcher(line);
        if (down.find() && each.server() != impostor) {
          long peer = Long.parseLong(down.group(1));
          if (peer != impostor) {
            lost.computeIfAbsent(each.server(), _ -> new TreeSet<>()).add(peer);
          }
        }
      }
    }
    return lost;
  }

  /**
   * Waits until each server told last of each other one that it is linked; returns how long it
   * took.
   */
  Duration awaitLinks(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    Set<String> all = new TreeSet<>();
    for (long id : running()) {
      running().stream().filter(peer -> peer != id).forEach(peer -> all.add(id + "-" + peer));
    }
    while (!linked().containsAll(all)) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new History.Missing("not in " + limit + ": " + all + ", but " + linked());
      }
      pause(Duration.ofMillis(100));
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Set<String> linked() {
    var links = new TreeSet<String>();
    for (Told each : servers.history().merged()) {
      if (each.what() instanceof Told.Other(String line)) {
        Matcher link = LINK.matcher(line);
        if (link.find()) {
          String name = each.server() + "-" + link.group(2);
          var _ = link.group(1).equals("Up") ? links.add(name) : links.remove(name);
        }
      } else if (each.what() instanceof Told.Listening) {
        links.removeIf(link -> link.startsWith(each.server() + "-")); // Another life.
      }
    }
    return links;
  }

  private static Tally warnings(List<Told> told) {
    var codes = new Tally();
    for (Told each : told) {
      if (each.what() instanceof Told.Other(String line)) {
        Matcher warning = WARNING.matcher(line);
        if (warning.find()) {
          codes.add(warning.group(1));
        }
      }
    }
    return codes;
  }

  private static Duration leastLease(List<Told> told, Told.Knows leader) {
    return told.stream()
        .flatMap(
            each ->
                each.what() instanceof Told.Valid(long epoch, long left) && epoch == leader.epoch()
                    ? Optional.of(Duration.ofNanos(left)).stream()
                    : Optional.<Duration>empty().stream())
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** Lets time pass: a stated while, or between two looks at what is waited for. */
  static void pause(Duration time) throws InterruptedException {
    var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns what must never be, of all that was told. */
  List<String> violations() {
    History history = servers.history();
    var violations = new ArrayList<>(history.complaints());
    violations.addAll(Judge.violations(history.merged(), true));
    return violations;
  }

  @Override
  public void close() {
    servers.close();
  }
}
