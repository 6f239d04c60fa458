package io.quorate.faults.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * From one host to another, in this direction only.
 *
 * @param from the id of the server there
 * @param to the id of the server there
 */
public record Way(long from, long to) {

  /** Returns both directions between two. */
  public static List<Way> between(long one, long other) {
    return List.of(new Way(one, other), new Way(other, one));
  }

  /** Returns all ways from one. */
  public static List<Way> from(long one, Collection<Long> all) {
    return all.stream().filter(id -> id != one).map(id -> new Way(one, id)).toList();
  }

  /** Returns all ways to one. */
  public static List<Way> to(long one, Collection<Long> all) {
    return all.stream().filter(id -> id != one).map(id -> new Way(id, one)).toList();
  }

  /** Returns all ways from and to one. */
  public static List<Way> of(long one, Collection<Long> all) {
    var ways = new ArrayList<>(from(one, all));
    ways.addAll(to(one, all));
    return ways;
  }

  /** Returns all ways. */
  public static List<Way> all(Collection<Long> ids) {
    return ids.stream().flatMap(id -> from(id, ids).stream()).toList();
  }

  /** Returns all but those within one of these groups; a server may be in several. */
  public static List<Way> across(Collection<Long> ids, List<Set<Long>> groups) {
    return all(ids).stream()
        .filter(way -> groups.stream().noneMatch(group -> way.isWithin(group)))
        .toList();
  }

  private boolean isWithin(Set<Long> group) {
    return group.contains(from) && group.contains(to);
  }
}
