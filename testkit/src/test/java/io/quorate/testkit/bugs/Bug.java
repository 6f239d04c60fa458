package io.quorate.testkit.bugs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bug that is to be found: edits of production sources, as a text file holds them.
 *
 * @param name of its file
 * @param what it is
 * @param breaks how the property begins that it breaks
 * @param budget the seeds within which it must be found
 * @param isLong whether it takes too long for every build
 * @param script what happens in each seed, if it would take too many to draw that; or empty
 * @param edits by class
 */
record Bug(
    String name,
    String what,
    String breaks,
    long budget,
    boolean isLong,
    String script,
    Map<String, List<Edit>> edits) {

  /** Replaces a text that occurs once. */
  record Edit(String replace, String by) {

    String in(String source) {
      int at = source.indexOf(replace);
      if (replace.isEmpty() || at < 0 || source.indexOf(replace, at + 1) >= 0) {
        throw new IllegalStateException(
            "the source has changed: renew this bug. There is not one of:\n" + replace);
      }
      return source.substring(0, at) + by + source.substring(at + replace.length());
    }
  }

  /** Returns the code as it is, which is to keep every promise. */
  static Bug none(long budget) {
    return new Bug("none", "nothing", "nothing", budget, false, "", Map.of());
  }

  static Bug read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    var values = new LinkedHashMap<String, String>();
    var edits = new LinkedHashMap<String, List<Edit>>();
    var what = new StringBuilder();
    List<Edit> edit = List.of();
    String script = "";
    for (int i = 0; i < lines.size(); ) {
      String line = lines.get(i++);
      if (line.startsWith("#")) {
        what.append(line.substring(1));
      } else if (line.startsWith("class ")) {
        edit = new ArrayList<>();
        edits.put(line.substring("class ".length()), edit);
      } else if (line.equals("script")) {
        int end = blockEnd(lines, i);
        script = String.join("\n", lines.subList(i, end).stream().map(String::strip).toList());
        i = end;
      } else if (line.equals("replace")) {
        int by = blockEnd(lines, i);
        int end = blockEnd(lines, by + 1);
        edit.add(new Edit(block(lines, i, by), block(lines, by + 1, end)));
        i = end;
      } else if (!line.isBlank()) {
        int space = line.indexOf(' ');
        values.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return new Bug(
        file.getFileName().toString().replace(".txt", ""),
        what.toString().strip(),
        values.getOrDefault("breaks", "nothing is named"),
        Long.parseLong(values.getOrDefault("budget", "none")),
        values.getOrDefault("runs", "always").equals("long"),
        script,
        edits);
  }

  /** Lines of Java are indented; those that begin a part of the file are not. */
  private static int blockEnd(List<String> lines, int from) {
    int at = from;
    while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith(" "))) {
      at++;
    }
    return at;
  }

  private static String block(List<String> lines, int from, int to) {
    return String.join("\n", lines.subList(from, to)).strip();
  }

  @Override
  public String toString() {
    return name;
  }
}
