package io.quorate.examples.probe;

import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether those who answered agree, and on whom.
 *
 * <p>They agree when exactly one server is said to lead, in one epoch, by a quorum of the members
 * that vote, each for itself, and when that server, if it answered, says that it leads. The members
 * are those of the newest configuration that was told.
 *
 * @param leader who leads; empty if they do not agree
 * @param remarks what stands against it or is odd, a line each
 */
record Verdict(Optional<ServerId> leader, List<String> remarks) {

  /** Somebody who is said to lead, and in which epoch. */
  private record Leadership(ServerId leader, long epoch) {
    private static final Comparator<Leadership> ORDER =
        Comparator.comparing(Leadership::leader).thenComparingLong(Leadership::epoch);

    @Override
    public String toString() {
      return leader + " in epoch " + epoch;
    }
  }

  Verdict {
    remarks = List.copyOf(remarks);
  }

  boolean agreed() {
    return leader.isPresent();
  }

  static Verdict of(List<Answer> answers) {
    List<Answer.Opinion> opinions =
        answers.stream()
            .filter(Answer.Opinion.class::isInstance)
            .map(Answer.Opinion.class::cast)
            .toList();
    var remarks = new ArrayList<String>();
    for (Answer.Opinion opinion : opinions) {
      if (opinion.id().isEmpty()) {
        remarks.add(
            opinion.address() + " is no member's address as told, so its opinion does not count");
      }
    }
    SortedMap<Leadership, SortedSet<ServerId>> supporters = supporters(opinions);
    if (supporters.size() > 1) {
      supporters.forEach(
          (leadership, ids) -> remarks.add("server " + words(ids) + ": leader is " + leadership));
    }
    Optional<EnsembleConfig> config = newestConfig(opinions, remarks);
    if (config.isEmpty()) {
      remarks.add("nobody told who the members are");
      return new Verdict(Optional.empty(), remarks);
    }
    return new Verdict(leader(config.get(), supporters, opinions, remarks), remarks);
  }

  private static SortedMap<Leadership, SortedSet<ServerId>> supporters(
      List<Answer.Opinion> opinions) {
    var supporters = new TreeMap<Leadership, SortedSet<ServerId>>(Leadership.ORDER);
    for (Answer.Opinion opinion : opinions) {
      boolean settled =
          switch (opinion.opinion().state()) {
            case FOLLOWING, LEADING -> true;
            case LOOKING, OBSERVING -> false;
          };
      if (settled && opinion.id().isPresent()) {
        supporters
            .computeIfAbsent(leadership(opinion), _ -> new TreeSet<>())
            .add(opinion.id().get());
      }
    }
    return supporters;
  }

  private static Leadership leadership(Answer.Opinion opinion) {
    return new Leadership(opinion.opinion().vote().leader(), opinion.opinion().vote().peerEpoch());
  }

  private static Optional<EnsembleConfig> newestConfig(
      List<Answer.Opinion> opinions, List<String> remarks) {
    List<EnsembleConfig> told =
        opinions.stream()
            .flatMap(opinion -> opinion.opinion().config().stream())
            .map(ConfigText::config)
            .filter(config -> !config.members().isEmpty())
            .toList();
    if (told.stream().map(EnsembleConfig::digest).distinct().count() > 1) {
      remarks.add("the servers are not configured alike");
    }
    return told.stream().max(Comparator.comparingLong(EnsembleConfig::version));
  }

  private static Optional<ServerId> leader(
      EnsembleConfig config,
      Map<Leadership, SortedSet<ServerId>> supporters,
      List<Answer.Opinion> opinions,
      List<String> remarks) {
    QuorumVerifier voters;
    try {
      voters = QuorumVerifier.of(config);
    } catch (IllegalArgumentException e) {
      remarks.add("the members cannot decide: " + e.getMessage());
      return Optional.empty();
    }
    List<Leadership> supported =
        supporters.entrySet().stream()
            .filter(entry -> voters.isQuorum(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (supported.size() != 1) {
      remarks.add("no quorum of the voters " + words(voters.voters()) + " agrees");
      return Optional.empty();
    }
    Leadership only = supported.getFirst();
    for (Answer.Opinion opinion : opinions) {
      if (opinion.id().equals(Optional.of(only.leader()))
          && !(opinion.opinion().state() == ServerState.LEADING
              && leadership(opinion).equals(only))) {
        remarks.add("server " + only.leader() + " itself does not say that it leads");
        return Optional.empty();
      }
    }
    return Optional.of(only.leader());
  }

  private static String words(Set<ServerId> ids) {
    return ids.stream().sorted().map(ServerId::toString).collect(Collectors.joining(", "));
  }
}
