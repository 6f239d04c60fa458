package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.hostile.Siege.Expected;
import io.quorate.protocol.ServerState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Strangers get in as observers, as anybody can, and then flood three processes with frames. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FrameFloodsIT {

  private static final Duration HANG = Duration.ofSeconds(20);
  private static final int FRAMES = 1_000_000;

  /** As many observers as a server lets in. */
  private static final int OBSERVERS = 64;

  /** How long the floods of long frames last. */
  private static final Duration FLOOD = Duration.ofSeconds(3);

  private static final int LONG_TEXT = 480_000;
  private static final int MEMBERS = 1024;

  private Siege siege;

  @BeforeAll
  void start() throws Exception {
    siege = new Siege();
  }

  @AfterAll
  void end() {
    List<String> violations = siege.violations();
    siege.close();
    assertEquals(List.of(), violations);
  }

  @Test
  void aMillionBadFramesCostNothingButThemselves() throws Exception {
    var bad = BadFrames.ofEveryKind(1);
    Tally tally =
        siege.withstand(
            "bad frames",
            Expected.of(Set.of("bad frames", "read to the end"), Set.of("malformedMessage")),
            done -> fromObservers(1, (caller, _) -> sayBadFrames(caller, bad, done)));
    assertEquals(3, tally.of("read to the end"));
    assertTrue(tally.of("bad frames") >= FRAMES);
  }

  private static void sayBadFrames(Caller caller, BadFrames bad, Tally done) {
    for (int sent = 0; sent < FRAMES / 3 + bad.count(); sent += bad.count()) {
      assertTrue(caller.say(bad.batch()));
      done.add("bad frames", bad.count());
    }
    if (caller.finish(HANG)) {
      done.add("read to the end");
    }
  }

  @Test
  void framesThatTakeLongToReadKeepNobodyWaiting() throws Exception {
    siege.withstand(
        "long configurations of all observers at once",
        Expected.of(Set.of("long frames"), Set.of()),
        tally ->
            fromObservers(
                OBSERVERS,
                (caller, number) -> {
                  // Of every other one a text that is read to its end, and else one of too many
                  // lines.
                  byte[] text =
                      number % 2 == 0 ? members(number, LONG_TEXT) : paddedMembers(number);
                  byte[] frame = Words.frame(Words.notification(ServerState.LEADING, 1, text));
                  sayAgainAndAgain(caller, frame, "long frames", tally);
                }));
  }

  @Test
  void aConfigurationFromAStrangerIsNotTakenOver() throws Exception {
    siege.withstand(
        "configurations of strangers",
        Expected.of(Set.of("configurations"), Set.of("voteIgnored")),
        tally ->
            fromObservers(
                1,
                (caller, number) -> {
                  for (ServerState state : ServerState.values()) {
                    byte[] payload = Words.notification(state, 77, members(number, 100));
                    assertTrue(caller.say(Words.frame(payload)));
                    tally.add("configurations");
                  }
                  assertTrue(caller.finish(HANG));
                }));
  }

  @Test
  void framesThatAreAnnouncedAndNeverComeTakeNoMemory() throws Exception {
    siege.withstand(
        "announced frames",
        Expected.of(Set.of("announced"), Set.of()),
        tally ->
            fromObservers(
                OBSERVERS,
                (caller, _) -> {
                  assertTrue(caller.say(Words.announcement(Words.MAX_FRAME_BYTES)));
                  assertTrue(caller.say(new byte[1]));
                  tally.add("announced");
                  Siege.pause(Duration.ofSeconds(1));
                }));
  }

  @Test
  void garbageAfterAValidBeginCostsItsConnectionAtMost() throws Exception {
    siege.withstand(
        "garbage",
        Expected.of(Set.of("garbage"), Set.of()),
        tally ->
            fromObservers(
                OBSERVERS,
                (caller, number) -> {
                  var bytes = new byte[64 * 1024];
                  new Random(number).nextBytes(bytes);
                  sayAgainAndAgain(caller, bytes, "garbage", tally);
                }));
  }

  private static void sayAgainAndAgain(Caller caller, byte[] bytes, String what, Tally tally) {
    long end = System.nanoTime() + FLOOD.toNanos();
    while (System.nanoTime() - end < 0 && caller.say(bytes)) {
      tally.add(what);
    }
  }

  /** Other members than the ensemble has, in about so many bytes of text. */
  private static byte[] members(int number, int length) {
    var text = new StringBuilder();
    for (int i = 0; text.length() < length; i++) {
      text.append("server.").append(i * OBSERVERS + number).append("=h:1:2:participant\n");
    }
    return text.append("version=ff").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** As many members as an ensemble may have, each in a line as long as a frame has room for. */
  private static byte[] paddedMembers(int number) {
    var text = new StringBuilder();
    for (int i = 0; i < MEMBERS; i++) {
      String line = "server." + (i * OBSERVERS + number) + "=h:1:2:participant";
      text.append(line).append(" ".repeat(LONG_TEXT / MEMBERS - line.length() - 1)).append('\n');
    }
    return text.append("version=ff").toString().getBytes(StandardCharsets.UTF_8);
  }

  private interface Speech {
    void hold(Caller caller, int number) throws IOException, InterruptedException;
  }

  /** Lets so many observers at each server speak, all at once. */
  private void fromObservers(int count, Speech speech) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Boolean>>();
      for (InetSocketAddress target : siege.addresses().values()) {
        for (int i = 0; i < count; i++) {
          int number = i;
          Callable<Boolean> one =
              () -> {
                try (var caller = new Caller(target, Siege.from(number))) {
                  boolean said = caller.say(Words.introduction(Words.OBSERVER));
                  speech.hold(caller, number);
                  return said;
                }
              };
          all.add(threads.submit(one));
        }
      }
      for (Future<Boolean> one : all) {
        assertTrue(one.get());
      }
    }
  }
}
