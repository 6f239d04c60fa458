package io.quorate.testkit.exhaustive;

import io.quorate.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is under way over one direction of a link, by number: messages, and its end. */
final class Queues {

  /** Nothing is under way. */
  static final int EMPTY = 0;

  /** In a queue: the link is down. */
  static final int DOWN = 0;

  private final boolean replacing;
  private final Interner<Optional<Message>> items = new Interner<>();
  private final Interner<List<Integer>> queues = new Interner<>();
  private final Table appended = new Table();
  private final Table removed = new Table();

  /**
   * Makes them.
   *
   * @param replacing whether a message takes the place of one of its kind
   */
  Queues(boolean replacing) {
    this.replacing = replacing;
    items.of(Optional.empty());
    queues.of(List.of());
  }

  int item(Message message) {
    return items.of(Optional.of(message));
  }

  Message message(int item) {
    return items.get(item).orElseThrow();
  }

  int head(int queue) {
    return queues.get(queue).getFirst();
  }

  int tail(int queue) {
    int known = removed.get(queue, 0, 0);
    if (known < 0) {
      List<Integer> all = queues.get(queue);
      known = queues.of(List.copyOf(all.subList(1, all.size())));
      removed.put(queue, 0, 0, known);
    }
    return known;
  }

  /** Returns what is under way; empty for the end. */
  List<Optional<Message>> contents(int queue) {
    return queues.get(queue).stream().map(items::get).toList();
  }

  boolean endsWithDown(int queue) {
    return queue != EMPTY && queues.get(queue).getLast() == DOWN;
  }

  int append(int queue, int item) {
    int known = appended.get(queue, item, 0);
    if (known < 0) {
      var next = new ArrayList<Integer>(queues.get(queue));
      int place = replacing ? sameKind(next, item) : -1;
      if (place < 0) {
        next.add(item);
      } else {
        next.set(place, item);
      }
      known = queues.of(List.copyOf(next));
      appended.put(queue, item, 0, known);
    }
    return known;
  }

  private int sameKind(List<Integer> queue, int item) {
    for (int at = 0; at < queue.size(); at++) {
      if (items
          .get(queue.get(at))
          .map(Message::getClass)
          .equals(items.get(item).map(Message::getClass))) {
        return at;
      }
    }
    return -1;
  }
}
