package io.quorate.faults.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Strangers who go on until it is closed: to each server one calls in silence, some thousand times
 * a second, and keeps a number of connections; one calls with an id that nobody has; one is an
 * observer that says nothing that counts. Whoever is put out, or refused because the server is
 * down, begins anew.
 */
final class Crowds implements AutoCloseable {

  private static final Duration HANG = Duration.ofSeconds(20);
  private static final int KEPT = 600;

  /** After so many connections, or a batch of frames, one takes a breath. */
  private static final int BREATH = 4;

  private static final Duration PACE = Duration.ofMillis(1);
  private static final Duration AFTER_REFUSAL = Duration.ofMillis(5);

  private final Tally tally = new Tally();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  private interface Visit {
    void pay(InetSocketAddress target) throws IOException, InterruptedException;
  }

  private Crowds() {}

  /** Lets all of them begin. */
  static Crowds all(Collection<InetSocketAddress> targets) {
    var crowds = silent(targets);
    var bad = BadFrames.ofEveryKind(2);
    for (InetSocketAddress target : targets) {
      crowds.begin(target, crowds::callWithUnknownId);
      crowds.begin(target, address -> crowds.observe(address, bad));
    }
    return crowds;
  }

  /** Lets those begin who are silent. */
  static Crowds silent(Collection<InetSocketAddress> targets) {
    var crowds = new Crowds();
    targets.forEach(target -> crowds.begin(target, crowds::keepSilent));
    return crowds;
  }

  /** Returns what was done so far. */
  Tally tally() {
    return tally;
  }

  private void begin(InetSocketAddress target, Visit visit) {
    // Not virtual ones: who never waits would keep the others from their turn.
    threads.add(Thread.ofPlatform().daemon().start(() -> payAgainAndAgain(target, visit)));
  }

  private void payAgainAndAgain(InetSocketAddress target, Visit visit) {
    try {
      while (!ending.get()) {
        try {
          visit.pay(target);
        } catch (IOException _) {
          tally.add("refused");
          Siege.pause(AFTER_REFUSAL);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepSilent(InetSocketAddress target) throws IOException, InterruptedException {
    var kept = new ArrayDeque<Caller>();
    try {
      for (int calls = 1; !ending.get(); calls++) {
        kept.add(new Caller(target, Siege.from(kept.size())));
        tally.add("silent connections");
        if (kept.size() > KEPT) {
          kept.remove().close();
        }
        if (calls % BREATH == 0) {
          Siege.pause(PACE);
        }
      }
    } finally {
      kept.forEach(Caller::close);
    }
  }

  private void callWithUnknownId(InetSocketAddress target) throws IOException {
    try (var caller = new Caller(target, Siege.from(0))) {
      if (caller.say(Words.introduction(77)) && caller.isPutOut(HANG)) {
        tally.add("unknown ids");
      }
    }
  }

  private void observe(InetSocketAddress target, BadFrames bad)
      throws IOException, InterruptedException {
    try (var caller = new Caller(target, Siege.from(1))) {
      boolean heard = caller.say(Words.introduction(Words.OBSERVER));
      while (heard && !ending.get()) {
        heard = caller.say(bad.batch());
        tally.add("bad frames", bad.count());
        Siege.pause(PACE);
      }
    }
  }

  @Override
  public void close() {
    ending.set(true);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
