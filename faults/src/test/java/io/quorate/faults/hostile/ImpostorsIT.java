package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.Told;
import io.quorate.faults.hostile.Siege.Expected;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.ConfigDigest;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.Vote;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Attackers who say that they are a configured server. Without TLS nobody can tell, and the newest
 * connection of a server is its link; so it is stated what they can and what they cannot do.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImpostorsIT {

  private static final Duration HANG = Duration.ofSeconds(20);
  private static final long LEADER = 3;
  private static final long FOLLOWER = 2;
  private static final long OTHER = 1;

  /** How long impostors call without a break. */
  private static final Duration FLOOD = Duration.ofSeconds(3);

  /** How long an impostor keeps a link that nobody takes back. */
  private static final Duration KEPT = Duration.ofMillis(100);

  /**
   * How soon after it all links are those of the servers: the longest wait between dials, and more.
   */
  private static final Duration BACK = Duration.ofSeconds(5);

  /** How soon after it there is a leader where there was none. */
  private static final Duration LEADER_WITHIN = Duration.ofSeconds(10);

  private static final int REPLAYS = 1000;
  private static final String NAME = "quorate";
  private static final Duration GRANT = Duration.ofSeconds(1);

  private Siege siege;

  @BeforeAll
  void start() throws Exception {
    siege = new Siege();
  }

  @AfterAll
  void end() {
    List<String> violations = siege.violations();
    siege.close();
    assertEquals(List.of(), violations);
  }

  @Test
  void whoSpeaksForAFollowerTakesItsLinksAndNotTheLeader() throws Exception {
    siege.letTheLargestLead();
    siege.withstand(
        "an impostor of a follower",
        Expected.of(Set.of("calls", "links taken"), Set.of()).fromImpostorOf(FOLLOWER),
        tally -> {
          callAs(FOLLOWER, List.of(OTHER, LEADER), tally);
          Duration took = siege.awaitLinks(BACK);
          System.out.println("all links are back after " + took);
        });
  }

  @Test
  void whoSpeaksForTheLeaderCanCostTheEnsembleItsLeaderForAWhileAndNothingElse() throws Exception {
    Told.Knows before = siege.letTheLargestLead();
    var tally = new Tally();
    callAs(LEADER, List.of(OTHER, FOLLOWER), tally);
    long end = System.nanoTime();
    Told.Knows after = siege.servers().awaitAgreement(LEADER_WITHIN);
    Duration agreed = Duration.ofNanos(System.nanoTime() - end);
    Duration linked = siege.awaitLinks(BACK);
    System.out.printf(
        "an impostor of the leader: %s; %s, then %s after %s; links after %s%n",
        tally, before, after, agreed, linked);
    assertTrue(tally.of("links taken") > 0);
    assertTrue(after.epoch() >= before.epoch());
    assertEquals(List.of(), siege.violations());
  }

  /** Calls servers as somebody else, again as soon as the link is taken back. */
  private void callAs(long impostor, List<Long> servers, Tally tally) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Boolean>>();
      for (long server : servers) {
        InetSocketAddress target = addressOf(server);
        all.add(
            threads.submit(
                () -> {
                  long end = System.nanoTime() + FLOOD.toNanos();
                  while (System.nanoTime() - end < 0) {
                    try (var caller = new Caller(target, Siege.from(0))) {
                      callOnce(caller, impostor, tally);
                    }
                  }
                  return true;
                }));
      }
      for (Future<Boolean> one : all) {
        assertTrue(one.get());
      }
    }
  }

  private static void callOnce(Caller caller, long impostor, Tally tally) {
    tally.add("calls");
    if (caller.say(Words.introduction(impostor))
        && caller.hear(Hello.class::isInstance, KEPT).isPresent()) {
      tally.add("links taken");
      tally.add(caller.isPutOut(KEPT) ? "links taken back" : "links given up");
    }
  }

  private InetSocketAddress addressOf(long server) {
    return Optional.ofNullable(siege.addresses().get(server)).orElseThrow();
  }

  @Test
  void nothingCountsThatAServerOfAnotherEnsembleSays() throws Exception {
    Told.Knows before = siege.letTheLargestLead();
    try {
      Told.Knows now = killLeader(before);
      ConfigDigest ours = siege.digest();
      ConfigDigest others = new ConfigDigest("00".repeat(32));
      List<Hello> hellos = List.of(hello("another", ours), hello(NAME, others));
      siege.withstand(
          "servers of other ensembles",
          Expected.of(
                  Set.of("as a server that is down", "as an observer"),
                  Set.of("ensembleMismatch", "configMismatch"))
              .fromImpostorOf(LEADER),
          tally -> {
            for (InetSocketAddress target : siege.addresses().values()) {
              for (Hello hello : hellos) {
                tally.add(
                    "as a server that is down", claim(target, LEADER, hello, now.epoch() + 1000));
                tally.add(
                    "as an observer", claim(target, Words.OBSERVER, hello, now.epoch() + 1000));
              }
            }
          });
    } finally {
      siege.servers().startAll();
    }
  }

  private Told.Knows killLeader(Told.Knows before) throws InterruptedException {
    int mark = siege.servers().history().mark();
    siege.servers().killAll(List.of(before.leader()));
    var _ = siege.awaitGrantAfter(mark, before.epoch());
    return siege.leader();
  }

  private static Hello hello(String name, ConfigDigest digest) {
    return new Hello(Hello.CURRENT_PROTOCOL_VERSION, name, digest, 1, 0);
  }

  /** Claims to lead a later epoch, and all that goes with it; returns how many frames were said. */
  private static int claim(InetSocketAddress target, long id, Hello hello, long epoch)
      throws IOException {
    List<Message> all =
        List.of(
            hello,
            leading(epoch),
            new Proposal(epoch, 1, 1, GRANT),
            new Heartbeat(epoch, 2, 1, GRANT),
            new Refusal(epoch, 1, epoch, GRANT),
            new Surrender(epoch, 1, ServerId.of(OTHER)));
    try (var caller = new Caller(target, Siege.from(0))) {
      assertTrue(caller.say(Words.introduction(id)));
      for (Message message : all) {
        assertTrue(caller.say(Words.frame(message)));
      }
      // Its own word shows that the server has the link; then what we said is on its way.
      assertTrue(caller.hear(Hello.class::isInstance, HANG).isPresent());
      assertTrue(caller.finish(HANG));
      return all.size();
    }
  }

  private static Notification leading(long round) {
    return new Notification(
        ServerState.LEADING,
        new Vote(ServerId.of(LEADER), 0, round),
        round,
        Notification.CURRENT_VERSION,
        Optional.empty());
  }

  @Test
  void whatWasSaidInAnEarlierEpochHasNoEffectWhenItIsSaidAgain() throws Exception {
    Told.Knows before = siege.letTheLargestLead();
    try {
      Hello hello = hello(NAME, siege.digest());
      List<Message> recorded = record(addressOf(LEADER), hello, before.epoch());
      killLeader(before);
      siege.withstand(
          "frames of an earlier epoch",
          Expected.of(
                  Set.of("as the leader that is dead", "as an observer"),
                  Set.of("impossibleLeader"))
              .fromImpostorOf(LEADER),
          tally -> {
            for (InetSocketAddress target : siege.addresses().values()) {
              tally.add("as the leader that is dead", replay(target, LEADER, recorded));
              tally.add("as an observer", replay(target, Words.OBSERVER, recorded));
            }
          });
    } finally {
      siege.servers().startAll();
    }
  }

  /** Listens as an observer to what the leader says, and adds what it would say to voters. */
  private static List<Message> record(InetSocketAddress leader, Hello hello, long epoch)
      throws IOException {
    try (var caller = new Caller(leader, Siege.from(0))) {
      assertTrue(caller.say(Words.introduction(Words.OBSERVER)));
      assertTrue(caller.say(Words.frame(hello)));
      Heartbeat heartbeat =
          (Heartbeat) caller.hear(Heartbeat.class::isInstance, HANG).orElseThrow();
      assertEquals(epoch, heartbeat.epoch());
      assertTrue(caller.say(Words.question()));
      Message vote = caller.hear(Notification.class::isInstance, HANG).orElseThrow();
      long instance = heartbeat.instance();
      return List.of(
          hello,
          vote,
          heartbeat,
          new Proposal(epoch, 1, instance, GRANT),
          new Acknowledgement(epoch, heartbeat.sequence(), instance),
          new Refusal(epoch, heartbeat.sequence(), epoch, GRANT),
          new Surrender(epoch, instance, ServerId.of(OTHER)));
    }
  }

  private static int replay(InetSocketAddress target, long id, List<Message> recorded)
      throws IOException {
    try (var caller = new Caller(target, Siege.from(0))) {
      assertTrue(caller.say(Words.introduction(id)));
      for (int i = 0; i < REPLAYS; i++) {
        for (Message message : recorded) {
          assertTrue(caller.say(Words.frame(message)));
        }
      }
      assertTrue(caller.finish(HANG));
      return REPLAYS * recorded.size();
    }
  }
}
