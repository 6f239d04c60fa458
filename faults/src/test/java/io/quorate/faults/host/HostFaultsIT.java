package io.quorate.faults.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.Servers;
import io.quorate.faults.ensemble.Told;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * Five servers on five hosts, and what the network between them may do. After each fault everybody
 * is back, with one connection per pair; all that was told in all of them is judged together.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostFaultsIT {

  private static final int COUNT = 5;
  private static final Path IMAGE =
      Path.of(Objects.requireNonNull(System.getProperty("quorate.image")));

  /** Until the first leader: processes start, and the machine may be busy. */
  private static final Duration START = Servers.LIMIT;

  /** Smaller than any packet in which something is said, larger than an empty one. */
  private static final int SMALL_MTU = 80;

  private final Report report = new Report();
  private Optional<Stage> stage = Optional.empty();
  private String fault = "";
  private Told.Knows leader = new Told.Knows(0, 0, false);
  private List<Long> others = List.of();
  private int mark;
  private long begun;
  private long packetsBefore;

  /** Network and servers. */
  private Stage stage() {
    return stage.orElseThrow();
  }

  private Hosts hosts() {
    return stage().hosts();
  }

  private Servers servers() {
    return stage().servers();
  }

  @BeforeAll
  void begin() throws Exception {
    Optional<String> missing = Hosts.missing();
    missing.ifPresent(System.out::println);
    Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    stage =
        Optional.of(Stage.open(IMAGE.resolve("bin/quorate"), IMAGE.resolveSibling("hosts"), COUNT));
    servers().startAll();
    stage().awaitWhole(START);
  }

  @BeforeEach
  void everybodyIsThere(TestInfo test) throws Exception {
    fault = sentence(test.getDisplayName());
    hosts().heal();
    servers().startAll();
    leader = stage().awaitWhole(START);
    others = hosts().ids().stream().filter(id -> id != leader.leader()).toList();
  }

  @AfterEach
  void nothingUnsafeWasTold() {
    assertEquals(List.of(), stage().violations());
  }

  @AfterAll
  void end() throws Exception {
    if (stage.isPresent()) {
      System.out.println(report.text());
      stage().close();
    }
  }

  // ---- a host ----

  @Test
  void theHostOfTheLeaderIsCutOff() throws Exception {
    cut(Way.of(leader.leader(), hosts().ids()));
    anotherLeads(others, Bounds.SUCCESSOR);
  }

  @Test
  void theHostOfAFollowerIsCutOff() throws Exception {
    cut(Way.of(others.getFirst(), hosts().ids()));
    theLeaderStays();
  }

  @Test
  void theLeaderSendsAndReceivesNothing() throws Exception {
    cut(Way.to(leader.leader(), hosts().ids()));
    anotherLeads(others, Bounds.SUCCESSOR);
  }

  @Test
  void theLeaderReceivesAndSendsNothing() throws Exception {
    cut(Way.from(leader.leader(), hosts().ids()));
    anotherLeads(others, Bounds.SUCCESSOR);
  }

  // ---- a pair ----

  @Test
  void oneFollowerIsCutOffFromTheLeaderAlone() throws Exception {
    cut(Way.between(leader.leader(), others.getLast()));
    theLeaderStays();
  }

  @Test
  void oneFollowerHearsNothingOfTheLeaderAlone() throws Exception {
    cut(List.of(new Way(leader.leader(), others.getFirst())));
    theLeaderStays();
  }

  @Test
  void oneFollowerIsNotHeardByTheLeaderAlone() throws Exception {
    cut(List.of(new Way(others.getLast(), leader.leader())));
    theLeaderStays();
  }

  // ---- shapes ----

  @Test
  void theLeaderIsSeenByOneFollowerOnly() throws Exception {
    Set<Long> pair = Set.of(leader.leader(), others.getFirst());
    cut(Way.across(hosts().ids(), List.of(pair, Set.copyOf(others))));
    anotherLeads(others, Bounds.SUCCESSOR_AFTER_A_FAILURE);
  }

  @Test
  void aRingLeavesEverybodyTwoNeighbours() throws Exception {
    cut(Way.across(hosts().ids(), neighbours(true)));
    theLeaderStays();
  }

  @Test
  void aChainWithTheLeaderAtItsEndLeavesThreeThatReachAQuorum() throws Exception {
    cut(Way.across(hosts().ids(), neighbours(false)));
    anotherLeads(others.subList(1, COUNT - 1), Bounds.successorOf(COUNT));
  }

  @Test
  void aStarWithTheLeaderAtOneOfItsPoints() throws Exception {
    long middle = others.get(1);
    List<Set<Long>> pairs =
        hosts().ids().stream().filter(id -> id != middle).map(id -> Set.of(middle, id)).toList();
    cut(Way.across(hosts().ids(), pairs));
    anotherLeads(List.of(middle), Bounds.successorOf(COUNT));
  }

  @Test
  void twoGroupsThatAreBridgedByOneServer() throws Exception {
    Set<Long> left = Set.of(leader.leader(), others.get(0), others.get(1));
    Set<Long> right = Set.of(others.get(1), others.get(2), others.get(3));
    cut(Way.across(hosts().ids(), List.of(left, right)));
    theLeaderStays();
  }

  @Test
  void theLeaderIsInTheSmallerHalf() throws Exception {
    Set<Long> two = Set.of(leader.leader(), others.getFirst());
    List<Long> three = others.subList(1, others.size());
    cut(Way.across(hosts().ids(), List.of(two, Set.copyOf(three))));
    anotherLeads(three, Bounds.SUCCESSOR);
  }

  @Test
  void theLeaderIsInTheLargerHalf() throws Exception {
    Set<Long> three = Set.of(leader.leader(), others.get(0), others.get(1));
    cut(Way.across(hosts().ids(), List.of(three, Set.of(others.get(2), others.get(3)))));
    theLeaderStays();
  }

  // ---- connections ----

  @Test
  void everyFifthPacketIsLost() throws Exception {
    begin(Rule.LOSSY);
    hosts().put(Rule.LOSSY, Way.all(hosts().ids()));
    Stage.pause(Bounds.WHILE);
    end(Rule.LOSSY, firstGrant());
  }

  @Test
  void whateverTheLeaderSaysIsAnsweredWithAReset() throws Exception {
    begin(Rule.RESET);
    hosts().put(Rule.RESET, Way.of(leader.leader(), hosts().ids()));
    anotherLeads(others, Bounds.SUCCESSOR, Rule.RESET);
  }

  @Test
  void idleConnectionsAreForgottenAndFoundByKeepalive() throws Exception {
    begin(Rule.FORGOTTEN);
    hosts().put(Rule.FORGOTTEN, Way.all(hosts().ids()));
    stage().awaitNewLinks(mark, others, Bounds.KEEPALIVE);
    theLeaderStays(Rule.FORGOTTEN);
  }

  @Test
  void idleConnectionsAreForgottenWhenTheLeaderDies() throws Exception {
    hosts().put(Rule.FORGOTTEN, Way.all(hosts().ids()));
    Stage.pause(Hosts.remembered().plusMillis(500));
    begin(Rule.FORGOTTEN);
    servers().process(leader.leader()).kill();
    servers().awaitExit(leader.leader());
    anotherLeads(others, Bounds.SUCCESSOR_OVER_SILENT_LINKS, Rule.FORGOTTEN);
  }

  @Test
  void allConnectionsAreForgottenAtOnce() throws Exception {
    begin(Rule.FORGOTTEN);
    hosts().forget(Way.all(hosts().ids()));
    anotherLeads(hosts().ids(), Bounds.SUCCESSOR_OVER_SILENT_LINKS, Rule.FORGOTTEN);
  }

  @Test
  void theWayToTheLeaderTakesSmallPacketsOnlyAndTellsNobody() throws Exception {
    begin(Rule.TOO_LARGE);
    hosts().narrow(leader.leader(), SMALL_MTU);
    anotherLeads(others, Bounds.SUCCESSOR, Rule.TOO_LARGE);
  }

  // ---- what is alike in all ----

  private static String sentence(String name) {
    return name.replace("()", "").replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  /** In the order leader, others: each with the next, and perhaps the last with the first. */
  private List<Set<Long>> neighbours(boolean closed) {
    return List.of(
        Set.of(leader.leader(), others.get(3)),
        Set.of(others.get(3), others.get(2)),
        Set.of(others.get(2), others.get(1)),
        Set.of(others.get(1), others.get(0)),
        closed ? Set.of(others.get(0), leader.leader()) : Set.of());
  }

  private void cut(Collection<Way> ways) throws IOException, InterruptedException {
    begin(Rule.CUT);
    hosts().put(Rule.CUT, ways);
  }

  private void begin(Rule rule) throws IOException, InterruptedException {
    packetsBefore = hosts().count(rule);
    mark = servers().history().mark();
    begun = System.nanoTime();
  }

  private void anotherLeads(List<Long> candidates, Duration limit) throws Exception {
    anotherLeads(candidates, limit, Rule.CUT);
  }

  private void anotherLeads(List<Long> candidates, Duration limit, Rule rule) throws Exception {
    long granted = stage().awaitSuccessor(mark, leader, candidates, limit);
    end(rule, Optional.of(Duration.ofNanos(granted - begun)));
  }

  private void theLeaderStays() throws Exception {
    Stage.pause(Bounds.WHILE);
    theLeaderStays(Rule.CUT);
  }

  private void theLeaderStays(Rule rule) throws Exception {
    end(rule, Optional.empty());
    assertEquals(Optional.empty(), firstGrant(), "it cost the others their leader");
  }

  private Optional<Duration> firstGrant() {
    return servers().history().since(mark).stream()
        .filter(told -> told.what() instanceof Told.Granted)
        .findFirst()
        .map(told -> Duration.ofNanos(told.nanos() - begun));
  }

  /** Everything is well again: nobody was lost, and all agree. */
  private void end(Rule rule, Optional<Duration> next) throws Exception {
    long packets = hosts().count(rule) - packetsBefore;
    hosts().heal();
    long healed = System.nanoTime();
    servers().startAll();
    stage().awaitWhole(Bounds.BACK);
    Duration back = Duration.ofNanos(System.nanoTime() - healed);
    report.add(new Report.Row(fault, packets, next, back));
    assertTrue(packets > 0, "no packet met the fault");
    assertEquals(List.of(), stage().ended(), "processes that have ended");
  }
}
