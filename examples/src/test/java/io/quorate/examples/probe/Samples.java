package io.quorate.examples.probe;

import io.quorate.examples.Ensembles;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.Optional;

/** Answers for tests. */
final class Samples {

  private Samples() {}

  static EnsembleConfig ensemble(String members, String observers) {
    return Ensembles.of(members, observers);
  }

  static EnsembleConfig three() {
    return ensemble("1=a:1,2=b:2,3=c:3", "");
  }

  static Notification says(ServerState state, long leader, long epoch, EnsembleConfig config) {
    return new Notification(
        state,
        new Vote(ServerId.of(leader), 0x10, epoch),
        7,
        Notification.CURRENT_VERSION,
        Optional.of(ConfigText.of(config)));
  }

  static Answer opinion(long id, ServerState state, long leader, long epoch) {
    return new Answer.Opinion(
        new HostPort("h", (int) id + 1),
        Optional.of(ServerId.of(id)),
        says(state, leader, epoch, three()));
  }

  static Answer silence() {
    return new Answer.NoAnswer(new HostPort("h", 99), "connection refused");
  }
}
