package io.quorate.examples.singleton;

import io.quorate.election.EpochGate;
import io.quorate.election.FencingToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A file of numbers that all processes share: each line counts on from the one before, and tells
 * the epoch of its writer. An {@link EpochGate} stands before it. Safe for use by several threads
 * and processes.
 */
final class Store {

  private final Path file;
  private final EpochGate gate;

  /**
   * A line.
   *
   * @param number one more than the line before
   * @param epoch the token with which it was written
   */
  record Line(long number, long epoch) {
    static Line parse(String text) {
      int space = text.indexOf(' ');
      return new Line(
          Long.parseLong(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }

    @Override
    public String toString() {
      return number + " " + epoch;
    }
  }

  /**
   * Opens the store of a directory.
   *
   * @throws IOException if its gate cannot be opened
   */
  Store(Path directory) throws IOException {
    file = directory.resolve("numbers.txt");
    gate = EpochGate.file(directory.resolve("numbers.gate"));
  }

  /** Returns what comes next, as a leader works it out before it writes. */
  long nextNumber() throws IOException {
    List<Line> lines = lines();
    return lines.isEmpty() ? 1 : lines.getLast().number() + 1;
  }

  /**
   * Writes a line.
   *
   * @throws io.quorate.election.StaleTokenException if a later term has written; then nothing is
   *     written
   * @throws IOException if it failed
   */
  void write(FencingToken token, long number) throws IOException {
    String line = new Line(number, token.epoch()) + "\n";
    gate.guard(
        token,
        () -> {
          Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        });
  }

  /** Returns all lines. */
  List<Line> lines() throws IOException {
    try {
      return Files.readAllLines(file).stream().map(Line::parse).toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  /** Returns what is wrong with the lines: numbers go up by one, epochs never down. */
  static Optional<String> disorder(List<Line> lines) {
    var before = new Line(0, 0);
    for (Line line : lines) {
      if (line.number() != before.number() + 1 || line.epoch() < before.epoch()) {
        return Optional.of("'" + line + "' comes after '" + before + "'");
      }
      before = line;
    }
    return Optional.empty();
  }
}
