package io.quorate.election.core;

import io.quorate.protocol.ServerId;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of the ways to the others. A peer is linked, or known to be unreachable, or neither
 * as long as the first attempt to reach it goes on.
 */
final class Peers {
  private final SortedSet<ServerId> linked = new TreeSet<>();
  private final SortedSet<ServerId> unreachable = new TreeSet<>();
  private final SortedSet<ServerId> recognized = new TreeSet<>();

  /** Those that have said nothing since we could not lead: perhaps their links carry nothing. */
  private final SortedSet<ServerId> doubted = new TreeSet<>();

  /** A new link comes up: whoever is at its other end has yet to show what it is. */
  void up(ServerId peer) {
    linked.add(peer);
    unreachable.remove(peer);
    recognized.remove(peer);
    doubted.remove(peer);
  }

  /** Perhaps the next link is on its way; if the peer is gone, the next dial finds out. */
  void down(ServerId peer) {
    linked.remove(peer);
    recognized.remove(peer);
    doubted.remove(peer);
  }

  /** A link that is up counts as a way to its peer only once that has said something again. */
  void doubtAll() {
    doubted.addAll(linked);
  }

  void hear(ServerId peer) {
    doubted.remove(peer);
  }

  void notReached(ServerId peer) {
    if (!linked.contains(peer)) {
      unreachable.add(peer);
    }
  }

  void recognize(ServerId peer) {
    if (linked.contains(peer)) {
      recognized.add(peer);
    }
  }

  SortedSet<ServerId> linked() {
    return linked;
  }

  /** Returns a new set of those that are linked and not in doubt. */
  SortedSet<ServerId> reached() {
    var reached = new TreeSet<>(linked);
    reached.removeAll(doubted);
    return reached;
  }

  boolean isLinked(ServerId peer) {
    return linked.contains(peer);
  }

  boolean isUnreachable(ServerId peer) {
    return unreachable.contains(peer);
  }

  /** Returns whether this peer decides by our rules, as far as it has shown. */
  boolean isOurs(ServerId peer) {
    return recognized.contains(peer);
  }
}
