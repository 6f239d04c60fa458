package io.quorate.election.spi;

import io.quorate.protocol.Hello;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A kind of {@link EpochStore}, found by {@link ServiceLoader}. Built in are {@code files}, which
 * is durable, and {@code memory}, which is not. Implementations have a public constructor without
 * parameters and are safe for use by any thread; what they open is not.
 */
public interface EpochStoreProvider {

  /**
   * Whose state is kept, and where. Immutable.
   *
   * @param self the voter
   * @param ensembleName the name of its ensemble; at most {@link Hello#MAX_NAME_BYTES} bytes of
   *     UTF-8, without control characters
   * @param directory where files can be kept, for this server alone; need not exist
   */
  record Place(ServerId self, String ensembleName, Optional<Path> directory) {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is too long, or not fit for a file or a log
     */
    public Place {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(ensembleName)
          || ensembleName.getBytes(StandardCharsets.UTF_8).length > Hello.MAX_NAME_BYTES) {
        throw new IllegalArgumentException(
            "an ensemble name has at most " + Hello.MAX_NAME_BYTES + " bytes of UTF-8");
      }
      if (ensembleName.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("an ensemble name has a control character");
      }
    }
  }

  /**
   * Returns the name by which a configuration asks for this kind.
   *
   * @return lower case, without spaces
   */
  String name();

  /**
   * Opens the store of one voter, and keeps every other from opening it.
   *
   * @param place whose, and where
   * @return the store, to be closed by the caller
   * @throws IOException if it cannot be used, or what it holds must not be trusted; the message is
   *     one line that says what to do
   * @throws IllegalArgumentException if the place lacks what this kind needs
   */
  EpochStore open(Place place) throws IOException;

  /**
   * Returns a new provider of this name.
   *
   * @param name as {@link #name()} tells it
   * @return the first one found
   * @throws IllegalArgumentException if there is none; the message lists those that are there
   */
  static EpochStoreProvider named(String name) {
    var loader = ServiceLoader.load(EpochStoreProvider.class);
    for (EpochStoreProvider provider : loader) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    var names = loader.stream().map(found -> found.get().name()).sorted().toList();
    throw new IllegalArgumentException("no epoch store is named " + name + "; there are " + names);
  }
}
