package io.quorate.election.engine;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.LeaseTimings;
import io.quorate.election.Majority;
import io.quorate.election.engine.EpochPromise.Request;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Message;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a voter promises, to whom it is bound, and when it answers. We are server 1 of three. */
final class EpochPromiseTest {
  private static final long GRANT = LeaseTimings.lan().grant().toMillis();
  private static final EpochState PROMISED_5_TO_2 =
      new EpochState(5, id(2), 20, 4, Duration.ofMillis(GRANT), false);

  private final List<Output> out = new ArrayList<>();
  private final Links links = new Links();
  private int voters = 3;
  private EpochPromise promise = voter(Optional.empty());

  private EpochPromise voter(Optional<EpochState> stored) {
    var ids = new TreeSet<ServerId>();
    for (int i = 1; i <= voters; i++) {
      ids.add(id(i));
      links.up(id(i));
      links.recognize(id(i), EngineRig.HELLO);
    }
    var config = new EngineConfig.Promise(LeaseTimings.lan(), false, 10, stored);
    var made = new EpochPromise(id(1), config, new Majority(ids), new Effects(id(1), links, out));
    made.start(0);
    return made;
  }

  // ---- vocabulary; time in milliseconds ----

  private static long nanos(long ms) {
    return Duration.ofMillis(ms).toNanos();
  }

  private static Request proposal(long from, long epoch, long sequence, long ms) {
    var said = new Proposal(epoch, sequence, 10 * from, Duration.ofMillis(GRANT));
    return Request.of(id(from), said, nanos(ms));
  }

  private static Request heartbeat(long from, long epoch, long sequence, long ms) {
    var said = new Heartbeat(epoch, sequence, 10 * from, Duration.ofMillis(GRANT));
    return Request.of(id(from), said, nanos(ms));
  }

  private static Request ofLife(long instance, Request it) {
    return new Request(
        it.from(), it.epoch(), it.sequence(), instance, it.grant(), it.leads(), it.at());
  }

  private static Request granting(long ms, Request it) {
    Duration grant = Duration.ofMillis(ms);
    return new Request(
        it.from(), it.epoch(), it.sequence(), it.instance(), grant, it.leads(), it.at());
  }

  private List<Output> ask(Request request) {
    out.clear();
    promise.onRequest(request, request.at());
    return List.copyOf(out);
  }

  private List<Output> persisted(long ms) {
    out.clear();
    promise.onPersisted(nanos(ms));
    return List.copyOf(out);
  }

  private List<Output> follow(long server, long ms) {
    out.clear();
    promise.follow(Set.of(id(server)), nanos(ms));
    return List.copyOf(out);
  }

  private List<Output> reconsider(long ms) {
    out.clear();
    promise.reconsider(nanos(ms));
    return List.copyOf(out);
  }

  private List<Output> surrender(long from, long epoch, long instance, long ms) {
    out.clear();
    promise.onSurrender(id(from), epoch, instance, nanos(ms));
    return List.copyOf(out);
  }

  private static Output persist(long epoch, long to, long led) {
    return persist(epoch, to, 10 * to, led, GRANT);
  }

  private static Output persist(long epoch, long to, long instance, long led, long grant) {
    return new Output.Persist(
        new EpochState(epoch, id(to), instance, led, Duration.ofMillis(grant), false));
  }

  private static Output ack(long to, long epoch, long sequence) {
    return say(to, new Acknowledgement(epoch, sequence, 10 * to));
  }

  private static Output refusal(long to, long epoch, long sequence, long promised, long bound) {
    return say(to, new Refusal(epoch, sequence, promised, Duration.ofMillis(bound)));
  }

  private static Output say(long to, Message message) {
    return new Output.Transmit(id(to), message);
  }

  private static Output bound(long ms) {
    return new Output.SetTimer(Timer.OfEngine.BOUND, Duration.ofMillis(ms));
  }

  private long boundFor(long server, long instance, long ms) {
    return promise.boundFor(id(server), instance, nanos(ms)).toMillis();
  }

  /** Server 2 leads epoch 1 and we have promised it, at 0 ms. */
  private void promised1To2() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    assertEquals(List.of(ack(2, 1, 1)), persisted(0));
  }

  // ---- promising ----

  @Test
  void a_promise_is_durable_before_it_is_answered() {
    follow(2, 0);
    assertEquals(List.of(persist(1, 2, 0)), ask(proposal(2, 1, 1, 0)));
    assertEquals(0, promise.promisedEpoch());
    assertFalse(promise.isPromised(1, id(2), 20));
    assertEquals(List.of(ack(2, 1, 1)), persisted(5));
    assertEquals(1, promise.promisedEpoch());
    assertTrue(promise.isPromised(1, id(2), 20));
    assertFalse(promise.isPromised(1, id(2), 21));
    assertFalse(promise.isPromised(1, id(3), 20));
    assertFalse(promise.isPromised(2, id(2), 20));
  }

  @Test
  void nothing_is_durable_that_was_not_to_be_written() {
    assertThrows(IllegalStateException.class, () -> promise.onPersisted(0));
  }

  @Test
  void while_it_writes_only_the_newest_request_of_the_same_promise_is_answered() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    assertEquals(List.of(), ask(proposal(2, 1, 2, 3)));
    assertEquals(List.of(ack(2, 1, 2)), persisted(5));
    assertEquals(GRANT - 2, boundFor(3, 30, 5), "counted from the newest one");
  }

  @Test
  void what_comes_while_it_writes_is_looked_at_when_that_is_durable() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    assertEquals(List.of(), ask(proposal(2, 2, 2, 3)));
    assertEquals(List.of(ack(2, 1, 1), persist(2, 2, 0)), persisted(5));
    assertEquals(List.of(ack(2, 2, 2)), persisted(6));
  }

  @Test
  void the_same_epoch_is_promised_to_no_other_server_nor_life() {
    promised1To2();
    promise.release(id(2), 0);
    follow(3, 0);
    assertEquals(List.of(refusal(3, 1, 7, 1, 0)), ask(proposal(3, 1, 7, 0)));
    assertEquals(List.of(refusal(3, 1, 8, 1, 0)), ask(heartbeat(3, 1, 8, 0)));
    follow(2, 0);
    assertEquals(List.of(refusal(2, 1, 9, 1, 0)), ask(ofLife(21, proposal(2, 1, 9, 0))));
  }

  @Test
  void the_same_epoch_is_promised_to_no_other_while_it_is_being_written() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    follow(3, 0);
    assertEquals(List.of(), ask(proposal(3, 1, 7, 0)));
    assertEquals(List.of(ack(2, 1, 1)), persisted(5).subList(0, 1));
    assertEquals(List.of(refusal(3, 1, 7, 1, 0)), reconsider(GRANT));
  }

  @Test
  void no_smaller_epoch_is_ever_promised() {
    promise = voter(Optional.of(PROMISED_5_TO_2));
    follow(3, 5000);
    assertEquals(List.of(refusal(3, 4, 1, 5, 0)), ask(proposal(3, 4, 1, 5000)));
    assertEquals(List.of(refusal(3, 5, 2, 5, 0)), ask(proposal(3, 5, 2, 5000)));
    assertEquals(List.of(persist(6, 3, 4)), ask(proposal(3, 6, 3, 5000)));
  }

  @Test
  void an_epoch_that_is_led_is_promised_to_its_leader_only() {
    promise.isLed(3);
    follow(2, 0);
    assertEquals(List.of(refusal(2, 3, 1, 3, 0)), ask(proposal(2, 3, 1, 0)));
    assertEquals(List.of(persist(3, 2, 3)), ask(heartbeat(2, 3, 2, 0)));
  }

  @Test
  void what_is_known_to_be_led_is_written_too_but_never_more_than_is_promised() {
    promised1To2();
    promise.isLed(1);
    surrender(2, 1, 20, 0);
    assertEquals(List.of(persist(2, 2, 1)), ask(proposal(2, 2, 2, 0)));
  }

  @Test
  void whom_nobody_here_follows_waits_and_a_leader_need_not_be_followed() {
    assertEquals(List.of(), ask(proposal(2, 1, 1, 0)));
    assertEquals(List.of(persist(1, 2, 0)), follow(2, 3));
    assertEquals(List.of(ack(2, 1, 1)), persisted(3));
    follow(3, 3);
    assertEquals(List.of(ack(2, 1, 2)), ask(heartbeat(2, 1, 2, 4)));
  }

  @Test
  void only_the_newest_request_of_a_server_waits() {
    ask(proposal(2, 1, 1, 0));
    ask(proposal(2, 2, 2, 0));
    assertEquals(List.of(persist(2, 2, 0)), follow(2, 0));
    assertEquals(List.of(ack(2, 2, 2)), persisted(0));
  }

  // ---- being bound ----

  @Test
  void it_is_bound_from_the_receipt_until_the_grant_ends() {
    follow(2, 100);
    ask(proposal(2, 1, 1, 100));
    persisted(300);
    assertEquals(GRANT - 200, boundFor(3, 30, 300));
    assertEquals(GRANT - 200, boundFor(2, 21, 300), "another life of the same server is another");
    assertEquals(0, boundFor(2, 20, 300));
    follow(3, 400);
    long left = GRANT - 300;
    assertEquals(List.of(refusal(3, 2, 1, 1, left), bound(left)), ask(proposal(3, 2, 1, 400)));
    assertEquals(List.of(bound(1)), reconsider(GRANT + 99));
    assertEquals(List.of(persist(2, 3, 0)), reconsider(GRANT + 100));
    assertEquals(List.of(ack(3, 2, 1)), persisted(GRANT + 105));
    assertEquals(295, boundFor(2, 20, GRANT + 105), "from when the waiting request came");
  }

  @Test
  void the_bond_begins_before_the_promise_is_durable() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    assertEquals(GRANT, boundFor(3, 30, 0));
  }

  @Test
  void each_renewal_binds_anew_and_never_for_less() {
    promised1To2();
    assertEquals(List.of(ack(2, 1, 2)), ask(heartbeat(2, 1, 2, 500)));
    assertEquals(GRANT, boundFor(3, 30, 500));
    assertEquals(List.of(ack(2, 1, 3)), ask(granting(1, heartbeat(2, 1, 3, 600))));
    assertEquals(GRANT - 100, boundFor(3, 30, 600));
  }

  @Test
  void even_a_leader_of_a_larger_epoch_waits_for_the_bond() {
    promised1To2();
    assertEquals(List.of(refusal(3, 2, 1, 1, GRANT), bound(GRANT)), ask(heartbeat(3, 2, 1, 0)));
    assertEquals(List.of(persist(2, 3, 0)), reconsider(GRANT));
  }

  @Test
  void a_longer_grant_is_written_before_it_is_acknowledged() {
    promised1To2();
    assertEquals(List.of(persist(1, 2, 20, 0, 5000)), ask(granting(5000, heartbeat(2, 1, 2, 100))));
    assertEquals(List.of(ack(2, 1, 2)), persisted(110));
    assertEquals(4990, boundFor(3, 30, 110));
    assertEquals(List.of(ack(2, 1, 3)), ask(granting(5000, heartbeat(2, 1, 3, 120))));
  }

  @Test
  void while_a_shorter_grant_is_written_a_longer_one_waits() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    assertEquals(List.of(), ask(granting(5000, proposal(2, 1, 2, 1))));
    assertEquals(List.of(ack(2, 1, 1), persist(1, 2, 20, 0, 5000)), persisted(2));
    assertEquals(List.of(ack(2, 1, 2)), persisted(3));
  }

  @Test
  void a_surrender_frees_from_its_own_epoch_and_life_only_and_once() {
    promised1To2();
    follow(3, 0);
    ask(proposal(3, 2, 1, 0));
    assertEquals(List.of(), surrender(2, 2, 20, 1));
    assertEquals(List.of(), surrender(2, 0, 20, 1));
    assertEquals(List.of(), surrender(2, 1, 21, 1));
    assertEquals(List.of(), surrender(3, 1, 20, 1));
    assertEquals(GRANT, boundFor(3, 30, 0));
    assertEquals(List.of(persist(2, 3, 0)), surrender(2, 1, 20, 1));
    persisted(1);
    assertEquals(List.of(), surrender(2, 1, 20, 2));
    assertEquals(GRANT - 2, boundFor(2, 20, 2));
  }

  @Test
  void evidence_of_death_frees_from_that_server_only() {
    promised1To2();
    promise.release(id(3), 0);
    assertEquals(GRANT, boundFor(3, 30, 0));
    promise.release(id(2), 0);
    assertEquals(0, boundFor(3, 30, 0));
  }

  // ---- another life ----

  @Test
  void after_an_end_that_was_not_clean_it_waits_for_the_longer_of_both_grants() {
    promise = voter(Optional.of(new EpochState(5, id(2), 20, 4, Duration.ofSeconds(3), false)));
    assertEquals(3000, boundFor(3, 30, 0));
    assertEquals(3000, boundFor(1, 10, 0));
    promise = voter(Optional.of(new EpochState(5, id(2), 20, 4, Duration.ofMillis(7), false)));
    assertEquals(GRANT, boundFor(3, 30, 0));
    assertEquals(0, boundFor(3, 30, GRANT));
  }

  @Test
  void the_same_promise_is_acknowledged_again_during_that_wait() {
    promise = voter(Optional.of(PROMISED_5_TO_2));
    assertEquals(List.of(ack(2, 5, 9)), ask(heartbeat(2, 5, 9, 100)));
    follow(2, 100);
    assertEquals(
        List.of(refusal(2, 6, 10, 5, GRANT - 100), bound(GRANT - 100)),
        ask(proposal(2, 6, 10, 100)),
        "another epoch is a new promise, also for the same server");
    assertEquals(GRANT, boundFor(3, 30, 100));
    surrender(2, 5, 20, 200);
    assertEquals(GRANT - 200, boundFor(3, 30, 200), "who knows to whom it was bound before");
  }

  @Test
  void after_a_clean_end_it_need_not_wait_but_writes_before_it_answers() {
    promise = voter(Optional.of(new EpochState(5, id(2), 20, 4, Duration.ofMillis(GRANT), true)));
    assertEquals(0, boundFor(3, 30, 0));
    assertEquals(List.of(persist(5, 2, 4)), ask(heartbeat(2, 5, 9, 0)));
    assertEquals(List.of(ack(2, 5, 9)), persisted(1));
    assertEquals(List.of(ack(2, 5, 10)), ask(heartbeat(2, 5, 10, 2)));
  }

  // ---- an empty store ----

  @Test
  void an_empty_store_among_full_ones_asks_enough_others_and_keeps_quiet_for_a_grant() {
    voters = 5;
    promise = voter(Optional.empty());
    promise.hear(id(4), 0, 0);
    assertEquals(Set.of(), promise.missing());
    promise.hear(id(2), 7, 0);
    assertEquals(Set.of(id(3), id(5)), promise.missing());
    follow(2, 0);
    assertEquals(List.of(), ask(proposal(2, 8, 1, 0)));
    promise.hear(id(2), 7, 0);
    promise.hear(id(99), 70, 0);
    assertEquals(Set.of(id(3), id(5)), promise.missing());
    out.clear();
    promise.hear(id(3), 0, nanos(10));
    assertEquals(Set.of(), promise.missing());
    assertEquals(GRANT - 10, boundFor(2, 20, 10));
    assertEquals(List.of(persist(8, 2, 0)), reconsider(GRANT));
  }

  @Test
  void an_empty_store_promises_more_than_all_that_it_heard_of() {
    follow(2, 0);
    promise.hear(id(2), 7, 0);
    promise.hear(id(3), 9, 0);
    assertEquals(List.of(refusal(2, 9, 1, 9, 0)), ask(proposal(2, 9, 1, 5000)));
    assertEquals(List.of(persist(10, 2, 0)), ask(proposal(2, 10, 2, 5000)));
  }

  @Test
  void an_empty_store_joins_a_leader_of_the_largest_epoch() {
    promise.hear(id(2), 7, 0);
    promise.hear(id(3), 7, 0);
    promise.isLed(7);
    assertEquals(List.of(persist(7, 2, 7)), ask(heartbeat(2, 7, 1, 5000)));
  }

  @Test
  void a_full_store_asks_nobody() {
    promise = voter(Optional.of(PROMISED_5_TO_2));
    promise.hear(id(3), 70, 0);
    assertEquals(Set.of(), promise.missing());
    follow(3, 5000);
    assertEquals(List.of(persist(6, 3, 4)), ask(proposal(3, 6, 1, 5000)));
  }

  // ---- the end ----

  @Test
  void after_a_failure_of_the_store_it_is_silent_for_ever() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    ask(proposal(3, 2, 1, 0));
    out.clear();
    promise.onPersistFailed();
    assertTrue(promise.isSilent());
    assertEquals(List.of(), ask(proposal(2, 1, 2, 1)));
    assertEquals(List.of(), ask(proposal(2, 3, 3, 5000)));
    assertEquals(List.of(), follow(3, 5000));
    assertEquals(List.of(), reconsider(9000));
    assertEquals(0, promise.promisedEpoch());
    assertFalse(promise.leave(nanos(9000)));
    assertEquals(List.of(), out);
  }

  @Test
  void what_could_not_be_written_is_told_as_perhaps_promised() {
    follow(2, 0);
    ask(proposal(2, 5, 1, 0));
    promise.onPersistFailed();
    assertEquals(0, promise.promisedEpoch());
    assertEquals(5, promise.possibleEpoch());
  }

  @Test
  void it_leaves_clean_if_it_is_bound_to_nobody() {
    promised1To2();
    surrender(2, 1, 20, 5);
    out.clear();
    assertTrue(promise.leave(nanos(6)));
    assertEquals(
        List.of(
            new Output.Persist(new EpochState(1, id(2), 20, 0, Duration.ofMillis(GRANT), true))),
        out);
    assertEquals(List.of(), ask(heartbeat(2, 1, 2, 7)));
    assertEquals(List.of(), persisted(8));
  }

  @Test
  void it_does_not_leave_clean_while_it_is_bound() {
    promised1To2();
    out.clear();
    assertFalse(promise.leave(nanos(GRANT - 1)));
    assertEquals(List.of(), out);
    assertEquals(List.of(), ask(heartbeat(2, 1, 2, GRANT)));
  }

  @Test
  void it_does_not_leave_clean_while_it_keeps_quiet() {
    promise = voter(Optional.of(PROMISED_5_TO_2));
    out.clear();
    assertFalse(promise.leave(nanos(GRANT - 1)));
    assertEquals(List.of(), out);
  }

  @Test
  void who_never_promised_anything_leaves_without_a_word() {
    assertFalse(promise.leave(0));
    assertEquals(List.of(), out);
  }

  @Test
  void what_it_is_writing_when_it_leaves_is_not_answered() {
    follow(2, 0);
    ask(proposal(2, 1, 1, 0));
    assertTrue(promise.leave(0));
    assertEquals(List.of(), persisted(1));
  }
}
