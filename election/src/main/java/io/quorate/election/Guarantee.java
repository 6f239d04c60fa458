package io.quorate.election;

import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.protocol.ServerId;
import java.util.Optional;

/** What a server promises, in one line for the log at its start. */
final class Guarantee {

  private Guarantee() {}

  static String of(LeaderElectionConfig config) {
    QuorumVerifier voters = config.voters();
    return "%s: %s, algorithm %s, transport %s, plain, %s"
        .formatted(
            role(config, voters),
            config
                .promise()
                .map(Guarantee::promise)
                .orElse("election only (no epoch promise, no lease)"),
            config.algorithm().name(),
            config.transport().name(),
            quorum(voters));
  }

  private static String role(LeaderElectionConfig config, QuorumVerifier voters) {
    int count = voters.voters().size();
    String server =
        config.self().equals(ServerId.OBSERVER)
            ? "server without an id"
            : "server " + config.self();
    if (!voters.voters().contains(config.self())) {
      return server + ", observer beside " + count + " voters";
    }
    String role = config.priority() == 0 ? "witness" : "voter of priority " + config.priority();
    return server + ", " + role + " among " + count + " voters";
  }

  private static String promise(PromiseConfig promise) {
    return "epoch promise, lease %d ms, drift %s, fast fail-over %s, %s"
        .formatted(
            promise.timings().lease().toMillis(),
            promise.timings().drift(),
            promise.fastFailover() ? "on" : "off",
            tokens(promise));
  }

  private static String tokens(PromiseConfig promise) {
    Optional<String> store = promise.store().map(EpochStoreProvider::name);
    if (store.isEmpty()) {
      return "tokens kept by the voters";
    }
    String where = promise.data().map(directory -> " in " + directory).orElse("");
    return switch (store.get()) {
      case PromiseConfig.FILES -> "tokens durable (files" + where + ")";
      case PromiseConfig.MEMORY -> "tokens NOT durable (memory): they repeat after a restart";
      default -> "tokens as durable as the epoch store " + store.get() + where;
    };
  }

  private static String quorum(QuorumVerifier voters) {
    return switch (voters) {
      case Majority majority -> "quorum " + majority.quorumSize();
      case Hierarchical groups -> "quorum by weight in " + groups.groups().size() + " groups";
      case Joint _ -> "quorum in two configurations";
    };
  }
}
