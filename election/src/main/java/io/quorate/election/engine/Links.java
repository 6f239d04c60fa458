package io.quorate.election.engine;

import io.quorate.election.spi.Event;
import io.quorate.protocol.Hello;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of the links to the peers: enough to tell it again to a new algorithm. Not safe for
 * use by several threads.
 */
final class Links {
  private final SortedSet<ServerId> up = new TreeSet<>();
  private final SortedSet<ServerId> unreachable = new TreeSet<>();
  private final SortedMap<ServerId, Hello> recognized = new TreeMap<>();

  /** They belong to another ensemble, or are configured otherwise. */
  private final Set<ServerId> refused = new HashSet<>();

  /** Their link is up, and they have been silent for too long. */
  private final Set<ServerId> silent = new HashSet<>();

  /** A new link knows nothing of what was heard over the one whose place it takes. */
  void up(ServerId peer) {
    replaced(peer);
    up.add(peer);
    unreachable.remove(peer);
  }

  void down(ServerId peer) {
    replaced(peer);
    up.remove(peer);
  }

  /** Another link takes the place of this one, and is told of next. */
  void replaced(ServerId peer) {
    recognized.remove(peer);
    refused.remove(peer);
    silent.remove(peer);
  }

  /** Nothing that it says counts until it has another link. */
  void refuse(ServerId peer) {
    recognized.remove(peer);
    refused.add(peer);
  }

  boolean isRefused(ServerId peer) {
    return refused.contains(peer);
  }

  /** Its link is up, and yet it is as if it were not. */
  void suspect(ServerId peer) {
    if (up.contains(peer)) {
      silent.add(peer);
    }
  }

  /** It has said something; returns whether that is news. */
  boolean hasSpoken(ServerId peer) {
    return silent.remove(peer);
  }

  void notReached(ServerId peer) {
    if (!up.contains(peer)) {
      unreachable.add(peer);
    }
  }

  /** Returns whether this is the first time on this link. */
  boolean recognize(ServerId peer, Hello said) {
    boolean may = up.contains(peer) && !refused.contains(peer);
    return may && recognized.put(peer, said) == null;
  }

  boolean isRecognized(ServerId peer) {
    return recognized.containsKey(peer);
  }

  /** Returns the peers that have introduced themselves as servers of ours, in order. */
  List<ServerId> recognized() {
    return List.copyOf(recognized.keySet());
  }

  /** Returns how much a peer is to be preferred as a leader; 0 for not at all. */
  int priority(ServerId peer) {
    Hello said = recognized.get(peer);
    return said == null ? 0 : said.priority();
  }

  /** Returns whether its link is up and it is one of us, as far as we know. */
  boolean isUp(ServerId peer) {
    return up.contains(peer) && !refused.contains(peer);
  }

  /** Returns what an algorithm has to be told that knows nothing yet. */
  List<Event> replay() {
    var events = new ArrayList<Event>();
    up.forEach(peer -> events.addAll(replay(peer)));
    unreachable.forEach(peer -> events.add(new Event.Unreachable(peer)));
    return events;
  }

  /** Returns what an algorithm has to be told that knows nothing yet of a link that is up. */
  List<Event> replay(ServerId peer) {
    if (silent.contains(peer) || refused.contains(peer)) {
      return List.of(new Event.Unreachable(peer));
    }
    return recognized.containsKey(peer)
        ? List.of(new Event.LinkUp(peer), new Event.Recognized(peer))
        : List.of(new Event.LinkUp(peer));
  }
}
