package io.quorate.election.spi;

import java.util.ServiceLoader;

/**
 * A kind of election, found by {@link ServiceLoader}. Built in is {@code fast}, ZooKeeper's fast
 * leader election. Implementations have a public constructor without parameters and are safe for
 * use by any thread; what they create is not.
 */
public interface ElectionProvider {

  /**
   * Returns the name by which a configuration asks for this kind.
   *
   * @return lower case, without spaces
   */
  String name();

  /**
   * Makes the algorithm of one server.
   *
   * @param context who we are and who the others are
   * @return a state machine that has done nothing yet; its first event is {@link Event.Look}
   */
  ElectionAlgorithm create(ElectionContext context);

  /**
   * Returns a new provider of this name.
   *
   * @param name as {@link #name()} tells it
   * @return the first one found
   * @throws IllegalArgumentException if there is none; the message lists those that are there
   */
  static ElectionProvider named(String name) {
    var loader = ServiceLoader.load(ElectionProvider.class);
    for (ElectionProvider provider : loader) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    var names = loader.stream().map(found -> found.get().name()).sorted().toList();
    throw new IllegalArgumentException("no election is named " + name + "; there are " + names);
  }
}
