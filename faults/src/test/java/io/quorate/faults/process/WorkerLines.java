package io.quorate.faults.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.faults.process.FencedStore.Write;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What a {@link Worker} tells: the lines of {@code quorate node --json}, with these differences.
 *
 * <ul>
 *   <li>{@code nanos} is by {@link RealClock}, also where the process has another clock. So nothing
 *       has to be converted before lines of several processes are compared, and no error of a
 *       conversion can hide or invent an overlap.
 *   <li>A line {@code valid} stands before each write.
 *   <li>A term that is over when it is told that it began is told as {@code grantedLate} and {@code
 *       revokedLate}: a process that hardly runs may say so after later terms have begun, and then
 *       the time of the line says nothing about their order. So {@code granted} claims that the
 *       term was valid at that time.
 *   <li>A line {@code clock} compares the process's clock with the machine's.
 * </ul>
 */
final class WorkerLines {

  private final JsonFactory json = new JsonFactory();
  private final PrintStream out;
  private final long server;
  private final Predicate<FencingToken> leads;

  /** Belongs to the thread that listens. */
  private boolean grantedInTime;

  /** What a line says besides when, who and which. */
  @FunctionalInterface
  private interface Fields {
    void writeTo(JsonGenerator object) throws IOException;
  }

  /** Writes to {@code out}; {@code leads} says whether a term of our own is valid. */
  WorkerLines(PrintStream out, long server, Predicate<FencingToken> leads) {
    this.out = out;
    this.server = server;
    this.leads = leads;
  }

  /** Tells an event, and then runs {@code atEnd} if it is the last one. */
  void tell(ElectionEvent event, Runnable atEnd) {
    long nanos = RealClock.nanos();
    String name = lowerCamel(event.getClass());
    switch (event) {
      case ElectionEvent.Listening _,
          ElectionEvent.Looking _,
          ElectionEvent.Elected _,
          ElectionEvent.LinkUp _,
          ElectionEvent.LinkDown _ ->
          say(nanos, name, _ -> {});
      case ElectionEvent.Following(var leader, long epoch, boolean confirmed) ->
          say(nanos, name, object -> writeLeader(object, leader.value(), epoch, confirmed));
      case ElectionEvent.Leading(var leader, long epoch, boolean confirmed) ->
          say(nanos, name, object -> writeLeader(object, leader.value(), epoch, confirmed));
      case ElectionEvent.Observing(var leader, long epoch, boolean confirmed) ->
          say(nanos, name, object -> writeLeader(object, leader.value(), epoch, confirmed));
      case ElectionEvent.Granted(var token) -> {
        grantedInTime = leads.test(token);
        say(nanos, inTime(name), object -> object.writeNumberField("epoch", token.epoch()));
      }
      case ElectionEvent.Revoked(var token, var cause) ->
          say(
              nanos,
              inTime(name),
              object -> {
                object.writeNumberField("epoch", token.epoch());
                object.writeStringField("cause", lowerCamel(cause.getClass()));
              });
      case ElectionEvent.Warning(String code, String detail) ->
          say(
              nanos,
              name,
              object -> {
                object.writeStringField("code", code);
                object.writeStringField("detail", detail);
              });
      case ElectionEvent.Closed _ -> {
        say(nanos, name, _ -> {});
        atEnd.run();
      }
    }
  }

  void tellValid(Write write) {
    say(
        write.checkedAt(),
        "valid",
        object -> {
          object.writeNumberField("epoch", write.epoch());
          object.writeNumberField("remainingNanos", write.validFor());
        });
  }

  /** Tells what its own clock said at a time, and how long its last wait was. */
  void tellClock(long nanos, long own, long waited) {
    say(
        nanos,
        Clocks.Line.EVENT,
        object -> {
          object.writeNumberField("own", own);
          object.writeNumberField("waited", waited);
        });
  }

  private String inTime(String name) {
    return grantedInTime ? name : name + "Late";
  }

  private static String lowerCamel(Class<?> type) {
    String name = type.getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static void writeLeader(JsonGenerator object, long leader, long epoch, boolean confirmed)
      throws IOException {
    object.writeNumberField("leader", leader);
    object.writeNumberField("epoch", epoch);
    object.writeBooleanField("confirmed", confirmed);
  }

  private void say(long nanos, String event, Fields fields) {
    var text = new StringWriter();
    try (JsonGenerator object = json.createGenerator(text)) {
      object.writeStartObject();
      object.writeNumberField("nanos", nanos);
      object.writeNumberField("server", server);
      object.writeStringField("event", event);
      fields.writeTo(object);
      object.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory cannot fail", e);
    }
    byte[] line = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    // One call, so that lines of several threads are not mixed.
    out.write(line, 0, line.length);
    if (out.checkError()) {
      // Whoever started us has gone, and so does this process.
      Runtime.getRuntime().halt(1);
    }
  }
}
