package io.quorate.faults.ensemble;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A line that a server told.
 *
 * @param server who
 * @param life which of the processes that were started, of all servers; from 1
 * @param nanos when, by the monotonic clock that all processes of this machine share
 * @param what what
 */
public record Told(long server, int life, long nanos, What what) {

  /** What a line says, as far as it is judged. */
  public sealed interface What {}

  /** It listens. */
  public record Listening() implements What {}

  /** It looks for a leader. */
  public record Looking() implements What {}

  /** Its election came to a result. */
  public record Elected() implements What {}

  /** It knows who leads; {@code confirmed} once a majority has promised the epoch. */
  public record Knows(long leader, long epoch, boolean confirmed) implements What {}

  /** A term of its own began. */
  public record Granted(long epoch) implements What {}

  /** A term of its own was valid, and lasts so long at least unless it is given up. */
  public record Valid(long epoch, long remainingNanos) implements What {}

  /** A term of its own is over. */
  public record Revoked(long epoch, String cause) implements What {}

  /** Something that is not judged. */
  public record Other(String line) implements What {}

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads a line of {@code quorate node --json}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Told parse(int life, String line) {
    Map<String, String> fields = fields(line);
    return new Told(number(fields, "server"), life, number(fields, "nanos"), what(fields, line));
  }

  private static What what(Map<String, String> fields, String line) {
    return switch (text(fields, "event")) {
      case "listening" -> new Listening();
      case "looking" -> new Looking();
      case "elected" -> new Elected();
      case "following", "leading", "observing" ->
          new Knows(
              number(fields, "leader"),
              number(fields, "epoch"),
              Boolean.parseBoolean(text(fields, "confirmed")));
      case "granted" -> new Granted(number(fields, "epoch"));
      case "valid" -> new Valid(number(fields, "epoch"), number(fields, "remainingNanos"));
      case "revoked" -> new Revoked(number(fields, "epoch"), text(fields, "cause"));
      default -> new Other(line);
    };
  }

  private static Map<String, String> fields(String line) {
    var fields = new HashMap<String, String>();
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no object: " + line);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, parser.getText());
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("no object: " + line, e);
    }
    return fields;
  }

  private static String text(Map<String, String> fields, String name) {
    String text = fields.get(name);
    if (text == null) {
      throw new IllegalArgumentException("'" + name + "' is missing in " + fields);
    }
    return text;
  }

  private static long number(Map<String, String> fields, String name) {
    return Long.parseLong(text(fields, name));
  }
}
