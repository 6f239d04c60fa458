package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.hostile.Siege.Expected;
import io.quorate.protocol.Hello;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Strangers attack an ensemble of three processes, which keeps its leader and its epoch. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileInputIT {

  private static final Path IMAGE =
      Path.of(Objects.requireNonNull(System.getProperty("quorate.image"), "quorate.image"));

  private static final Duration HANG = Duration.ofSeconds(20);
  private static final int CROWD = 1000;
  private static final int FRAMES = 1_000_000;

  private Siege siege;

  @BeforeAll
  void start() throws Exception {
    siege = new Siege(IMAGE.resolve("bin/quorate"), IMAGE.resolveSibling("hostile"), each -> each);
  }

  @AfterAll
  void end() {
    List<String> violations = siege.violations();
    siege.close();
    assertEquals(List.of(), violations);
  }

  private static InetAddress from(int number) throws IOException {
    return InetAddress.ofLiteral("127.0.1." + (number % 3 + 1));
  }

  @Test
  void aThousandSilentConnectionsArePutOutInTime() throws Exception {
    siege.withstand(
        "silent connections",
        Expected.of(Set.of("silent", "put out", "prompt caller served"), Set.of("badInitialMessage")),
        tally -> crowd(tally, "silent", _ -> {}));
  }

  private interface Habit {
    void practise(List<Caller> callers) throws Exception;
  }

  private void crowd(Tally tally, String kind, Habit habit) throws Exception {
    var callers = new ArrayList<Caller>();
    try {
      for (InetSocketAddress target : siege.addresses().values()) {
        for (int i = 0; i < CROWD; i++) {
          callers.add(new Caller(target, from(i)));
          tally.add(kind);
        }
        try (var prompt = new Caller(target, from(0))) {
          assertTrue(prompt.say(Words.introduction(Words.OBSERVER)));
          assertTrue(prompt.hear(Hello.class::isInstance, HANG).isPresent());
          tally.add("prompt caller served");
        }
      }
      habit.practise(callers);
      for (Caller caller : callers) {
        assertTrue(caller.isPutOut(HANG));
        tally.add("put out");
      }
    } finally {
      callers.forEach(Caller::close);
    }
  }

  @Test
  void aMillionBadFramesCostNothing() throws Exception {
    siege.withstand(
        "bad frames",
        Expected.of(Set.of("bad frames", "answered after them"), Set.of("malformedMessage")),
        tally -> {
          var bad = BadFrames.ofEveryKind(1);
          var targets = siege.addresses().values();
          var threads = new ArrayList<Thread>();
          for (InetSocketAddress target : targets) {
            threads.add(
                Thread.startVirtualThread(
                    () -> {
                      try (var caller = new Caller(target, from(0))) {
                        caller.say(Words.introduction(Words.OBSERVER));
                        for (int sent = 0; sent < FRAMES / targets.size() + bad.count(); ) {
                          if (!caller.say(bad.batch())) {
                            return;
                          }
                          sent += bad.count();
                          tally.add("bad frames", bad.count());
                        }
                        caller.say(Words.question());
                        if (caller
                            .hear(io.quorate.protocol.Notification.class::isInstance, HANG)
                            .isPresent()) {
                          tally.add("answered after them");
                        }
                      } catch (IOException _) {
                        tally.add("failed");
                      }
                    }));
          }
          for (Thread thread : threads) {
            thread.join();
          }
          assertEquals(3, tally.of("answered after them"));
          assertTrue(tally.of("bad frames") >= FRAMES);
        });
  }
}
