package io.quorate.interop;

import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.LeaderView;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.zookeeper.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of ours, with what it told its listener. */
final class OurServer implements Server {
  private final LeaderElection election;
  private final BlockingQueue<ElectionEvent> changes = new LinkedBlockingQueue<>();
  private final BlockingQueue<ElectionEvent> warnings = new LinkedBlockingQueue<>();

  private OurServer(LeaderElection election) {
    this.election = election;
  }

  static OurServer start(Layout layout, long id) {
    return start(config(layout, id).build());
  }

  static OurServer start(LeaderElectionConfig config) {
    var server = new OurServer(LeaderElection.start(config));
    // Ends with the election.
    var _ = server.election.onEvent(server::told);
    return server;
  }

  static LeaderElectionConfig.Builder config(Layout layout, long id) {
    return LeaderElectionConfig.builder(ServerId.of(id)).ensemble(layout.ours()).electionOnly();
  }

  private void told(ElectionEvent event) {
    if (event instanceof StateChange) {
      changes.add(event);
    } else if (event instanceof ElectionEvent.Warning) {
      warnings.add(event);
    }
  }

  /**
   * Waits this long for the server to begin another election or to find another leader; returns at
   * once what it then told, or nothing.
   */
  List<ElectionEvent> changesWithin(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    LeaderView before = view();
    long elections = electionsStarted();
    var told = new ArrayList<ElectionEvent>();
    while (before.leader().equals(view().leader())
        && before.state() == view().state()
        && elections == electionsStarted()) {
      ElectionEvent event = changes.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        return List.of();
      }
      told.add(event);
    }
    return told;
  }

  /** How many elections it has begun. */
  long electionsStarted() {
    return counters().get("electionsStarted");
  }

  List<ElectionEvent> warnings() {
    return List.copyOf(warnings);
  }

  Map<String, Long> counters() {
    return election.counters();
  }

  LeaderView view() {
    return election.view();
  }

  LeaderElection election() {
    return election;
  }

  @Override
  public long id() {
    return election.self().value();
  }

  @Override
  public ServerState state() {
    return election.view().state();
  }

  @Override
  public OptionalLong leader() {
    return election.view().leader().stream().mapToLong(ServerId::value).findFirst();
  }

  @Override
  public void lookAgain() {
    election.lookAgain();
  }

  @Override
  public void close() {
    election.close();
  }
}
