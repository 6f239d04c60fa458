package io.quorate.testkit.exhaustive;

import io.quorate.election.engine.Timer;
import io.quorate.election.spi.EpochState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A server and what its driver knows. Immutable.
 *
 * @param server which
 * @param lives how many processes it has had
 * @param engine the state of the engine; empty if no process runs
 * @param timers those that are set, the earliest first
 * @param disk what is durable, as far as this process can see
 * @param safe what the next process will find
 * @param writing what is to be written
 * @param ending the epoch of a term that is over and whose task still runs; 0 for none
 * @param term the present one
 */
record ServerState(
    int server,
    int lives,
    Optional<Engines.Node> engine,
    List<Armed> timers,
    Optional<EpochState> disk,
    Optional<EpochState> safe,
    Optional<EpochState> writing,
    long ending,
    Optional<Term> term) {

  /**
   * A timer that is set.
   *
   * @param timer its name
   * @param due when it fires
   */
  record Armed(Timer timer, long due) {}

  /**
   * A term that has been granted.
   *
   * @param epoch its number
   * @param until when its lease runs out
   */
  record Term(long epoch, long until) {}

  /** Any order will do for those that are due at one instant, but it has to be one. */
  private static final Comparator<Armed> ORDER =
      Comparator.comparingLong(Armed::due).thenComparing(armed -> armed.timer().toString());

  static ServerState absent(int server) {
    return new ServerState(
        server,
        0,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty());
  }

  boolean runs() {
    return engine.isPresent();
  }

  boolean leadsAt(long now) {
    return term.isPresent() && term.get().until() > now;
  }

  /** Returns how many timers are due before all others. */
  int earliest() {
    int count = 0;
    while (count < timers.size() && timers.get(count).due() == timers.getFirst().due()) {
      count++;
    }
    return count;
  }

  ServerState at(Engines.Node node) {
    return new ServerState(
        server, lives, Optional.of(node), timers, disk, safe, writing, ending, term);
  }

  ServerState begun() {
    return new ServerState(server, lives + 1, engine, timers, disk, safe, writing, ending, term);
  }

  /** What only the process knew is lost. */
  ServerState dead() {
    return new ServerState(
        server,
        lives,
        Optional.empty(),
        List.of(),
        safe,
        safe,
        Optional.empty(),
        0,
        Optional.empty());
  }

  ServerState without(Timer timer) {
    return withTimers(timers.stream().filter(it -> !it.timer().equals(timer)).toList());
  }

  ServerState with(Timer timer, long due) {
    var next = new ArrayList<Armed>(timers);
    next.removeIf(it -> it.timer().equals(timer));
    next.add(new Armed(timer, due));
    next.sort(ORDER);
    return withTimers(List.copyOf(next));
  }

  private ServerState withTimers(List<Armed> next) {
    return new ServerState(server, lives, engine, next, disk, safe, writing, ending, term);
  }

  ServerState toWrite(EpochState next) {
    return new ServerState(
        server, lives, engine, timers, disk, safe, Optional.of(next), ending, term);
  }

  /** What was to be written is durable, or only seems to be. */
  ServerState written(boolean really) {
    return new ServerState(
        server,
        lives,
        engine,
        timers,
        writing,
        really ? writing : safe,
        Optional.empty(),
        ending,
        term);
  }

  ServerState leading(long epoch, long until) {
    return new ServerState(
        server,
        lives,
        engine,
        timers,
        disk,
        safe,
        writing,
        ending,
        Optional.of(new Term(epoch, until)));
  }

  ServerState revoked(long epoch, boolean really) {
    Optional<Term> left = really ? Optional.empty() : term;
    return new ServerState(server, lives, engine, timers, disk, safe, writing, epoch, left);
  }

  ServerState taskEnded() {
    return new ServerState(server, lives, engine, timers, disk, safe, writing, 0, term);
  }
}
