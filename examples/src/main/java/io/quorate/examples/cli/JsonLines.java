package io.quorate.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes JSON objects, one a line, each whole and at once. Safe for use by several threads. */
public final class JsonLines {

  private final JsonFactory json = new JsonFactory();
  private final PrintWriter out;

  /** Writes the fields of one object. */
  @FunctionalInterface
  public interface Fields {
    /**
     * Writes names and values.
     *
     * @throws IOException never by itself: the text is made in memory
     */
    void writeTo(JsonGenerator object) throws IOException;
  }

  /** Writes to {@code out}. */
  public JsonLines(PrintWriter out) {
    this.out = out;
  }

  /** Writes one object; returns false if the reader has gone. */
  public boolean write(Fields fields) {
    out.print(line(fields));
    return !out.checkError();
  }

  private String line(Fields fields) {
    var text = new StringWriter();
    try (JsonGenerator generator = json.createGenerator(text)) {
      generator.writeStartObject();
      fields.writeTo(generator);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail", e);
    }
    return text.append('\n').toString();
  }
}
