package io.quorate.election.driver;

import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of the links to the peers: enough to tell it again to a new algorithm. Not safe for
 * use by several threads.
 */
final class Links {
  private final SortedSet<ServerId> up = new TreeSet<>();
  private final SortedSet<ServerId> unreachable = new TreeSet<>();
  private final Set<ServerId> recognized = new HashSet<>();

  /** A new link knows nothing of what was heard over the one whose place it takes. */
  void up(ServerId peer) {
    up.add(peer);
    unreachable.remove(peer);
    recognized.remove(peer);
  }

  void down(ServerId peer) {
    up.remove(peer);
    recognized.remove(peer);
  }

  /** Another link takes the place of this one, and is told of next. */
  void replaced(ServerId peer) {
    recognized.remove(peer);
  }

  void notReached(ServerId peer) {
    if (!up.contains(peer)) {
      unreachable.add(peer);
    }
  }

  /** Returns whether this is news. */
  boolean recognize(ServerId peer) {
    return up.contains(peer) && recognized.add(peer);
  }

  boolean isUp(ServerId peer) {
    return up.contains(peer);
  }

  /** Returns what an algorithm has to be told that knows nothing yet. */
  List<Event> replay() {
    var events = new ArrayList<Event>();
    for (ServerId peer : up) {
      events.add(new Event.LinkUp(peer));
      if (recognized.contains(peer)) {
        events.add(new Event.Recognized(peer));
      }
    }
    unreachable.forEach(peer -> events.add(new Event.Unreachable(peer)));
    return events;
  }
}
