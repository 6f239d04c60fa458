package io.quorate.faults.host;

import io.quorate.faults.ensemble.Judge;
import io.quorate.faults.ensemble.Servers;
import io.quorate.faults.ensemble.Told;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One ensemble, each server on a host of its own, as the scene of one fault after the other.
 * Closing it ends servers and hosts. Belongs to one thread.
 */
public final class Stage implements AutoCloseable {

  /** Between two looks at what the hosts are connected with. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Hosts hosts;
  private final Servers servers;

  private Stage(Hosts hosts, Servers servers) {
    this.hosts = hosts;
    this.servers = servers;
  }

  /** Makes the hosts, and the servers on them; none runs yet. */
  public static Stage open(Path launcher, Path parent, int count)
      throws IOException, InterruptedException {
    Hosts hosts = Hosts.make(count);
    try {
      return new Stage(hosts, new Servers(launcher, parent, hosts.members(), hosts::on));
    } catch (IOException | RuntimeException e) {
      hosts.close();
      throw e;
    }
  }

  public Hosts hosts() {
    return hosts;
  }

  public Servers servers() {
    return servers;
  }

  /** Waits for the next term with a larger epoch by one of these; returns when it was told. */
  public long awaitSuccessor(int mark, Told.Knows old, List<Long> candidates, Duration limit)
      throws InterruptedException {
    return servers
        .history()
        .awaitAfter(
            mark,
            told ->
                told.what() instanceof Told.Granted(long later)
                        && later > old.epoch()
                        && candidates.contains(told.server())
                    ? Optional.of(told.nanos())
                    : Optional.empty(),
            limit,
            "one of " + candidates + " leads after " + old);
  }

  /** Waits until each pair of these has a link that came up after a mark. */
  void awaitNewLinks(int mark, List<Long> ids, Duration limit) throws InterruptedException {
    for (Way way : Way.all(ids)) {
      servers
          .history()
          .awaitAfter(
              mark,
              told -> isLinkUp(told, way) ? Optional.of(told) : Optional.empty(),
              limit,
              "a new link: " + way);
    }
  }

  private static boolean isLinkUp(Told told, Way way) {
    return told.server() == way.from()
        && told.what() instanceof Told.Other(String line)
        && line.contains("\"event\":\"linkUp\",\"peer\":" + way.to() + "}");
  }

  /** Returns those whose process has ended. */
  List<Long> ended() {
    return servers.ids().stream()
        .filter(
            id ->
                !ProcessHandle.of(servers.process(id).pid())
                    .map(ProcessHandle::isAlive)
                    .orElse(false))
        .toList();
  }

  /** Waits until each host has one connection with every other, and all agree; fails otherwise. */
  Told.Knows awaitWhole(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Told.Knows leader = servers.awaitAgreement(limit);
    List<String> odd = oddHosts();
    while (!odd.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not one connection per pair in " + limit + ": " + odd);
      }
      pause(BETWEEN_LOOKS);
      odd = oddHosts();
    }
    return leader;
  }

  private List<String> oddHosts() throws IOException, InterruptedException {
    var odd = new ArrayList<String>();
    for (long id : hosts.ids()) {
      List<Long> present = hosts.connections(id);
      if (!present.equals(hosts.ids().stream().filter(other -> other != id).toList())) {
        odd.add("host " + id + " is connected with " + present);
      }
    }
    return odd;
  }

  /** Returns what must not be, in all that was told so far. */
  List<String> violations() {
    var violations = new ArrayList<>(servers.history().complaints());
    violations.addAll(Judge.violations(servers.history().merged(), true));
    return violations;
  }

  /** Lets time pass. */
  static void pause(Duration time) throws InterruptedException {
    if (time.isPositive()) {
      var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      servers.close();
    } finally {
      hosts.close();
    }
  }
}
