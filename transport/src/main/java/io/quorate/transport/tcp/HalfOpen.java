package io.quorate.transport.tcp;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connections that have not introduced themselves yet, bounded in total and per remote address.
 * A new one is always let in: when there is no room the oldest goes, of the same address if that
 * one is full, so that any number of silent connections cannot keep out one that speaks at once.
 * The bound in total shrinks when the process has no room for as many. Pure; not safe for use by
 * several threads.
 *
 * @param <T> a connection, equal only to itself
 */
final class HalfOpen<T> {

  /** Below this the bound in total does not shrink. */
  static final int FEW = 64;

  private final int most;
  private final int mostPerAddress;
  private final LinkedHashMap<T, Object> addressOf = new LinkedHashMap<>();
  private final Map<Object, LinkedHashSet<T>> perAddress = new HashMap<>();
  private int allowed;

  HalfOpen(int most, int mostPerAddress) {
    this.most = Math.max(1, most);
    this.allowed = this.most;
    this.mostPerAddress = Math.max(1, mostPerAddress);
  }

  /** Adds a connection and returns the one that had to go for it. */
  Optional<T> add(T connection, Object address) {
    Optional<T> oldest = Optional.empty();
    Set<T> same = perAddress.getOrDefault(address, new LinkedHashSet<>());
    if (same.size() >= mostPerAddress) {
      oldest = Optional.of(same.iterator().next());
    } else if (addressOf.size() >= allowed) {
      oldest = Optional.of(addressOf.firstEntry().getKey());
    }
    oldest.ifPresent(this::remove);
    addressOf.put(connection, address);
    perAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>()).add(connection);
    return oldest;
  }

  /**
   * Removes the older half and returns it. From now on there may be no more than are left, so that
   * what they leave free stays free.
   */
  List<T> shrink() {
    List<T> older = addressOf.keySet().stream().limit((addressOf.size() + 1) / 2).toList();
    older.forEach(this::remove);
    allowed = Math.min(most, Math.max(FEW, addressOf.size()));
    return older;
  }

  /** As many as at first may be there again. */
  void grow() {
    allowed = most;
  }

  /** Removes a connection; false if it is not there any more. */
  boolean remove(T connection) {
    Object address = addressOf.remove(connection);
    if (address == null) {
      return false;
    }
    perAddress.computeIfPresent(
        address,
        (_, same) -> {
          same.remove(connection);
          return same.isEmpty() ? null : same;
        });
    return true;
  }

  Set<T> all() {
    return Set.copyOf(addressOf.keySet());
  }
}
