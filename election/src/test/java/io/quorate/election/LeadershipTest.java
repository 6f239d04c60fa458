package io.quorate.election;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent.Granted;
import io.quorate.election.ElectionEvent.Revoked;
import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.transport.spi.TransportProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leadership as a user sees it: three servers with the real engine over the memory transport. */
final class LeadershipTest {
  private final EnsembleConfig ensemble = Ensembles.inMemory(3, 0);
  private final TransportProvider network = TransportProvider.named("memory");
  private final Map<Long, LeaderElection> servers = new TreeMap<>();
  private final LinkedBlockingQueue<Leadership> begun = new LinkedBlockingQueue<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @AfterEach
  void nothing_is_left() {
    servers.values().forEach(LeaderElection::close);
    Await.noThread();
  }

  @Test
  void each_orderly_change_runs_the_task_elsewhere_with_a_larger_token() throws Exception {
    startAll();
    long last = 0;
    for (int change = 0; change < 2; change++) {
      Leadership leadership = next();
      assertTrue(leadership.isValid());
      assertTrue(leadership.confirm(Await.HANG));
      assertTrue(leadership.token().epoch() > last, leadership + " after " + last);
      last = leadership.token().epoch();
      long leader = leadership.token().leader().value();
      assertEquals(Optional.of(id(leader)), server(leader).leader());
      assertEquals(leadership.token(), server(leader).leadership().orElseThrow().token());
      server(leader).handOff(Duration.ofMinutes(1));
      Revocation cause = leadership.revoked().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertEquals(Revocation.HandedOff.class, cause.getClass());
      assertFalse(leadership.isValid());
    }
    assertTrue(next().token().epoch() > last);
    assertEquals(1, most.get(), "never two tasks at once");
  }

  @Test
  void a_leader_that_is_closed_ends_its_term_and_another_one_begins() throws Exception {
    startAll();
    Leadership first = next();
    long leader = first.token().leader().value();
    var told = new CopyOnWriteArrayList<ElectionEvent>();
    server(leader).onEvent(told::add);
    server(leader).close();
    assertFalse(first.isValid());
    assertEquals(
        List.of(new Granted(first.token()), new Revoked(first.token(), new Revocation.Closed())),
        told.stream().filter(e -> e instanceof Granted || e instanceof Revoked).toList());
    Leadership second = next();
    assertTrue(second.token().epoch() > first.token().epoch());
    assertTrue(second.isValid());
  }

  @Test
  void a_leadership_can_be_acquired_and_closed() throws Exception {
    ensemble.members().keySet().forEach(member -> start(member.value()));
    LeaderElection any = server(1);
    long leader = any.awaitLeader(Await.HANG).value();
    Leadership held = server(leader).acquire(Await.HANG);
    assertTrue(held.isValid());
    assertTrue(held.remaining().isPositive());
    held.close();
    assertFalse(held.isValid());
  }

  @Test
  void an_election_only_has_no_leadership_and_says_so() {
    LeaderElection plain = LeaderElection.start(config(1).electionOnly().build());
    servers.put(1L, plain);
    assertThrows(IllegalStateException.class, () -> plain.whileLeader(begun::add));
    assertThrows(IllegalStateException.class, plain::acquire);
    assertTrue(plain.leadership().isEmpty());
  }

  private void startAll() {
    ensemble.members().keySet().forEach(member -> start(member.value()).whileLeader(this::run));
  }

  private void run(Leadership leadership) throws InterruptedException {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      begun.add(leadership);
      new CountDownLatch(1).await();
    } finally {
      running.decrementAndGet();
    }
  }

  private LeaderElection start(long id) {
    var server =
        LeaderElection.start(config(id).epochStore(EpochStoreProvider.named("memory")).build());
    servers.put(id, server);
    return server;
  }

  private LeaderElectionConfig.Builder config(long id) {
    return LeaderElectionConfig.builder(id(id)).ensemble(ensemble).transport(network);
  }

  private LeaderElection server(long id) {
    return Optional.ofNullable(servers.get(id)).orElseThrow();
  }

  private Leadership next() throws InterruptedException {
    return Optional.ofNullable(begun.poll(Await.HANG.toSeconds(), TimeUnit.SECONDS)).orElseThrow();
  }
}
