package io.quorate.election.core;

import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A server: what outlives a crash, and its present life. */
final class Node {
  final ServerId id;
  final boolean ours;
  Position position;
  boolean cannotLead;
  boolean eligible = true;
  long changes;
  Optional<Subject> life = Optional.empty();
  final Map<String, Long> timers = new HashMap<>();

  /** The link with each peer, by its number, as far as this server has heard. */
  final Map<ServerId, Integer> knownLinks = new HashMap<>();

  Node(ServerId id, boolean ours, Position position) {
    this.id = id;
    this.ours = ours;
    this.position = position;
  }

  Subject subject() {
    return life.orElseThrow();
  }

  /** Returns whether it stands, as far as it is up to itself. */
  boolean isCandidate(QuorumVerifier voters) {
    return eligible && position.zxid() >= 0 && voters.weight(id) > 0;
  }

  /** It can be told what only our servers understand. */
  boolean isOursAndUp() {
    return ours && life.isPresent();
  }
}
