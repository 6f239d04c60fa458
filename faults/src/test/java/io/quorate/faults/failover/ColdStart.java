package io.quorate.faults.failover;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.Judge;
import io.quorate.faults.ensemble.NodeProcess;
import io.quorate.faults.ensemble.Servers;
import io.quorate.faults.ensemble.Told;
import io.quorate.ports.Loopback;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * From the last of some empty servers listening until the first is granted a term. Negative where a
 * quorum was faster than the last server.
 */
final class ColdStart {

  private ColdStart() {}

  /** Measures processes. */
  static Failover.Outcome ofProcesses(Path launcher, Path parent, int count, int rounds)
      throws IOException, InterruptedException {
    var times = new ArrayList<Long>();
    var violations = new ArrayList<String>();
    for (int round = 0; round < rounds; round++) {
      History history;
      try (var servers = new Servers(launcher, parent, count, List.of())) {
        history = servers.history();
        servers.startAll();
        servers.awaitAgreement(Servers.LIMIT);
        times.add(time(history.merged()));
      }
      violations.addAll(history.complaints());
      violations.addAll(Judge.violations(history.merged(), true));
    }
    return new Failover.Outcome(new Times(times), violations);
  }

  private static long time(List<Told> merged) {
    long listening = 0;
    Optional<Long> granted = Optional.empty();
    for (Told told : merged) {
      switch (told.what()) {
        case Told.Listening() -> listening = told.nanos();
        case Told.Granted _ -> granted = granted.or(() -> Optional.of(told.nanos()));
        case Told.Looking _,
            Told.Elected _,
            Told.Knows _,
            Told.Valid _,
            Told.Revoked _,
            Told.Other _ -> {}
      }
    }
    return granted.orElseThrow() - listening;
  }

  /** Measures servers in this process, with directories of their own. */
  static Times inProcess(Path parent, int count, int rounds)
      throws IOException, InterruptedException {
    var times = new ArrayList<Long>();
    for (int round = 0; round < rounds; round++) {
      times.add(inProcess(parent, count));
    }
    return new Times(times);
  }

  private record Moment(boolean granted, long nanos) {}

  private static long inProcess(Path parent, int count) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(parent, "cold");
    var members = new ArrayList<Member>();
    for (int port : Loopback.lastingPorts(count)) {
      members.add(
          Member.of(
              ServerId.of(members.size() + 1),
              Member.Role.PARTICIPANT,
              List.of(new HostPort(Loopback.HOST, port))));
    }
    var running = new ArrayList<LeaderElection>();
    try {
      var moments = new LinkedBlockingQueue<Moment>();
      for (Member member : members) {
        LeaderElectionConfig config =
            LeaderElectionConfig.builder(member.id())
                .ensemble(EnsembleConfig.majority(members))
                .data(directory.resolve(member.id().toString()))
                .build();
        running.add(LeaderElection.start(config, event -> note(event, moments)));
      }
      return time(moments, count);
    } finally {
      running.forEach(LeaderElection::close);
      delete(directory);
    }
  }

  private static void note(ElectionEvent event, BlockingQueue<Moment> moments) {
    if (event instanceof ElectionEvent.Granted || event instanceof ElectionEvent.Listening) {
      moments.add(new Moment(event instanceof ElectionEvent.Granted, System.nanoTime()));
    }
  }

  private static long time(BlockingQueue<Moment> moments, int count) throws InterruptedException {
    int listening = 0;
    long lastListening = 0;
    Optional<Long> granted = Optional.empty();
    while (granted.isEmpty() || listening < count) {
      Moment moment = moments.poll(NodeProcess.LIMIT_SECONDS, TimeUnit.SECONDS);
      if (moment == null) {
        throw new History.Missing("nobody leads in this process");
      }
      if (moment.granted()) {
        granted = granted.or(() -> Optional.of(moment.nanos()));
      } else {
        listening++;
        lastListening = Math.max(lastListening, moment.nanos());
      }
    }
    return granted.get() - lastListening;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
