package io.quorate.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is asked for on the command line.
 *
 * @param quick a short look: fewer rounds and smaller sizes
 * @param pinned whether the script has bound this JVM to one processor
 * @param rounds of each contestant, if it was said
 * @param sizes how many servers or connections, if it was said
 * @param results where tables and pictures go
 */
public record Options(
    boolean quick, boolean pinned, Optional<Integer> rounds, List<Integer> sizes, Path results) {

  static final String USAGE =
      """
        --quick        a short look: fewer rounds, smaller sizes
        --rounds N     of each contestant
        --sizes N,N    servers of an ensemble, or connections
      """;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if there is one that does not exist
   */
  static Options parse(List<String> arguments, Path results) {
    boolean quick = false;
    boolean pinned = false;
    Optional<Integer> rounds = Optional.empty();
    List<Integer> sizes = List.of();
    var rest = new ArrayList<>(arguments);
    while (!rest.isEmpty()) {
      String name = rest.removeFirst();
      switch (name) {
        case "--quick" -> quick = true;
        case "--pinned" -> pinned = true;
        case "--rounds" -> rounds = Optional.of(Integer.valueOf(value(name, rest)));
        case "--sizes" ->
            sizes = Stream.of(value(name, rest).split(",", -1)).map(Integer::valueOf).toList();
        default -> throw new IllegalArgumentException("no option: " + name);
      }
    }
    return new Options(quick, pinned, rounds, sizes, results);
  }

  private static String value(String name, List<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return rest.removeFirst();
  }

  /** Returns how many rounds to measure. */
  public int rounds(int usual, int quickly) {
    return rounds.orElse(quick ? quickly : usual);
  }

  /** Returns the sizes to measure. */
  public List<Integer> sizes(List<Integer> usual, List<Integer> quickly) {
    return sizes.isEmpty() ? quick ? quickly : usual : sizes;
  }
}
