package io.quorate.election;

import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Hello;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Optional;

/** What makes no sense in a configuration. Every check throws with the reason in one line. */
final class ConfigChecks {

  private ConfigChecks() {}

  static void checkName(String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("the ensemble's name has half a surrogate pair");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (name.isBlank() || bytes > Hello.MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "the ensemble's name must have 1 to " + Hello.MAX_NAME_BYTES + " bytes and a letter");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the ensemble's name has a control character");
    }
  }

  static void checkMembers(ServerId self, EnsembleConfig ensemble) {
    QuorumVerifier voters = QuorumVerifier.of(ensemble);
    if (voters.voters().isEmpty()) {
      throw new IllegalArgumentException("the ensemble has no voter");
    }
    if (!voters.isQuorum(voters.voters())) {
      throw new IllegalArgumentException("no quorum is possible: every vote has weight 0");
    }
    if (!ensemble.members().containsKey(self) && !self.equals(ServerId.OBSERVER)) {
      throw new IllegalArgumentException(
          "server " + self + " is not a member of the ensemble " + ensemble.members().keySet());
    }
    var owners = new HashMap<HostPort, ServerId>();
    for (Member member : ensemble.members().values()) {
      for (HostPort address : member.electionAddresses()) {
        checkAddress(self, member.id(), address);
        ServerId other = owners.put(address, member.id());
        if (other != null) {
          throw new IllegalArgumentException(
              "servers " + other + " and " + member.id() + " have the same address " + address);
        }
      }
    }
  }

  private static void checkAddress(ServerId self, ServerId id, HostPort address) {
    if (address.isWildcard() && !id.equals(self)) {
      throw new IllegalArgumentException(
          "server " + id + " cannot be dialled at the wildcard address " + address);
    }
  }

  static void checkPriority(int priority, boolean voter) {
    if (priority < 0) {
      throw new IllegalArgumentException("the priority " + priority + " is negative");
    }
    if (priority > 0 && !voter) {
      throw new IllegalArgumentException(
          "an observer never leads: its priority is 0, not " + priority);
    }
  }

  static void checkStore(ServerId voter, Optional<PromiseConfig> promise) {
    if (promise.isPresent() && promise.get().store().isEmpty()) {
      throw new IllegalArgumentException(
          "voter "
              + voter
              + " must remember what it promises: give it a data directory, or the epoch store"
              + " 'memory' (tokens are not durable then), or say election only");
    }
  }

  static void checkUnused(String what, boolean given) {
    if (given) {
      throw new IllegalArgumentException(
          "election only does without " + what + ": leave out one of them");
    }
  }
}
