package io.quorate.examples.simulate;

import io.quorate.examples.cli.JsonLines;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Violation;
import java.io.PrintWriter;

/** One run as it was told, and its hash. */
final class Story {

  private Story() {}

  /** Writes it for a person. */
  static void write(Outcome outcome, PrintWriter out) {
    outcome.story().forEach(out::println);
    out.println();
    outcome.violation().ifPresent(it -> out.println(it.property() + " is broken: " + it.detail()));
    out.println("hash " + outcome.hash());
    out.flush();
  }

  /** Writes it as JSON, one object a line, the last one with the hash. */
  static void writeJson(Outcome outcome, PrintWriter out) {
    var lines = new JsonLines(out);
    for (String line : outcome.story()) {
      if (!lines.write(json -> json.writeStringField("line", line.strip()))) {
        return;
      }
    }
    lines.write(
        json -> {
          json.writeNumberField("seed", outcome.seed());
          if (outcome.violation().isPresent()) {
            Violation violation = outcome.violation().get();
            json.writeStringField("property", violation.property());
            json.writeStringField("detail", violation.detail());
          } else {
            json.writeNullField("property");
            json.writeNullField("detail");
          }
          json.writeStringField("hash", outcome.hash());
        });
  }
}
