package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.hostile.Siege.Expected;
import io.quorate.protocol.Hello;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Strangers call three processes in crowds, and none of them says anything that counts. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConnectionFloodsIT {

  private static final Duration HANG = Duration.ofSeconds(20);

  /** How many call each server at once. */
  private static final int CROWD = 1000;

  /** How many come to each server of those who are sent away at once. */
  private static final int CALLS = 2000;

  private static final int COMINGS = 5000;

  /** Between two bytes of one that drips: it says some of them before its time is over. */
  private static final Duration DRIP = Duration.ofMillis(200);

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
  void aThousandSilentConnectionsAreClosedInTimeAndKeepNobodyOut() throws Exception {
    siege.withstand(
        "silent connections",
        Expected.of(Set.of("connections", "closed", "served"), Set.of("badInitialMessage")),
        tally -> crowd(tally, _ -> {}));
  }

  @Test
  void aThousandDrippingConnectionsAreClosedInTimeAndKeepNobodyOut() throws Exception {
    byte[] message = Words.introduction(1, "host:1|".repeat(250) + "host:1");
    siege.withstand(
        "dripping connections",
        Expected.of(Set.of("connections", "bytes", "closed"), Set.of("badInitialMessage")),
        tally ->
            crowd(
                tally,
                callers -> {
                  // Until nobody is left to hear it: far fewer bytes than the message has.
                  boolean heard = true;
                  for (int at = 0; heard; at++) {
                    heard = false;
                    for (Caller caller : callers) {
                      if (caller.say(message[at])) {
                        tally.add("bytes");
                        heard = true;
                      }
                    }
                    Siege.pause(DRIP);
                  }
                }));
  }

  private interface Habit {
    void practise(List<Caller> callers) throws InterruptedException;
  }

  private void crowd(Tally tally, Habit habit) throws IOException, InterruptedException {
    var callers = new ArrayList<Caller>();
    try {
      for (InetSocketAddress target : siege.addresses().values()) {
        for (int i = 0; i < CROWD; i++) {
          callers.add(new Caller(target, Siege.from(i)));
          tally.add("connections");
        }
        try (var prompt = new Caller(target, Siege.from(0))) {
          assertTrue(prompt.say(Words.introduction(Words.OBSERVER)));
          assertTrue(prompt.hear(Hello.class::isInstance, HANG).isPresent());
          tally.add("served");
        }
      }
      habit.practise(callers);
      for (Caller caller : callers) {
        assertTrue(caller.isPutOut(HANG));
        tally.add("closed");
      }
    } finally {
      callers.forEach(Caller::close);
    }
  }

  @Test
  void unknownIdsAndOurOwnIdAreSentAway() throws Exception {
    siege.withstand(
        "unknown ids and our own",
        Expected.of(Set.of("unknown id", "own id"), Set.of("unknownId", "duplicateId")),
        tally -> {
          for (Map.Entry<Long, InetSocketAddress> server : siege.addresses().entrySet()) {
            for (int i = 0; i < CALLS; i++) {
              call(server.getValue(), i, Words.introduction(4 + i));
              tally.add("unknown id");
              call(server.getValue(), i, Words.introduction(server.getKey(), "127.0.0.1:1"));
              tally.add("own id");
            }
          }
        });
  }

  @Test
  void whatIsNoInitialMessageIsSentAway() throws Exception {
    List<byte[]> messages =
        List.of(
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8),
            Words.introduction(-1),
            Words.introduction(-65534),
            Words.introduction(Long.MIN_VALUE, "127.0.0.1:1"),
            Words.introduction(1, ""),
            Words.introduction(1, "nowhere"),
            Words.introduction(1, "127.0.0.1:65536"),
            Words.introduction(1, "x".repeat(2049)),
            Words.introduction(1, "127.0.0.1:1" + "|".repeat(2000)));
    siege.withstand(
        "no initial messages",
        Expected.of(Set.of("no initial message"), Set.of("badInitialMessage")),
        tally -> {
          for (InetSocketAddress target : siege.addresses().values()) {
            for (int i = 0; i < CALLS; i++) {
              call(target, i, messages.get(i % messages.size()));
              tally.add("no initial message");
            }
          }
        });
  }

  @Test
  void framesOfALengthThatIsNotAllowedCostTheirConnection() throws Exception {
    int[] lengths = {0, -1, Integer.MIN_VALUE, Words.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE};
    siege.withstand(
        "bad lengths",
        Expected.of(Set.of("bad length"), Set.of()),
        tally -> {
          for (InetSocketAddress target : siege.addresses().values()) {
            for (int i = 0; i < CALLS; i++) {
              try (var caller = new Caller(target, Siege.from(i))) {
                boolean said =
                    caller.say(Words.introduction(Words.OBSERVER))
                        && caller.say(Words.announcement(lengths[i % lengths.length]));
                assertTrue(caller.isPutOut(HANG));
                tally.add(said ? "bad length" : "closed before");
              }
            }
          }
        });
  }

  @Test
  void observersThatComeAndGoLeaveNothingBehind() throws Exception {
    siege.withstand(
        "observers come and go",
        Expected.of(Set.of("observers"), Set.of("tooManyObservers")),
        tally -> {
          for (InetSocketAddress target : siege.addresses().values()) {
            for (int i = 0; i < COMINGS; i++) {
              try (var caller = new Caller(target, Siege.from(i))) {
                assertTrue(caller.say(Words.introduction(Words.OBSERVER)));
                tally.add("observers");
              }
            }
          }
        });
  }

  /** Says it and waits until the server has closed. */
  private static void call(InetSocketAddress target, int number, byte[] message)
      throws IOException {
    try (var caller = new Caller(target, Siege.from(number))) {
      assertTrue(caller.say(message));
      assertTrue(caller.isPutOut(HANG));
    }
  }
}
