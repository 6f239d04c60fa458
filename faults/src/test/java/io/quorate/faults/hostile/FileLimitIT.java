package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.Told;
import io.quorate.protocol.Hello;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Processes that may open few files, and strangers who use them up: nobody else can be accepted
 * then, nothing dialled, and no promise written.
 */
@Tag("faults")
final class FileLimitIT {

  private static final int LIMIT = 200;
  private static final Duration HANG = Duration.ofSeconds(20);

  /** How long the strangers call before anything else happens: then files have run out. */
  private static final Duration BEFORE = Duration.ofSeconds(1);

  private static final String RAN_OUT = "cannot accept: Too many open files";
  private static final int MOST_LOG_BYTES = 64 * 1024;

  @Test
  void strangersWhoUseUpAllFilesKeepNobodyOutAndTheNextLeaderIsFound() throws Exception {
    try (var siege =
        new Siege(start -> start.by("sh", "-c", "ulimit -n " + LIMIT + "; exec \"$@\"", "sh"))) {
      Told.Knows old = siege.letTheLargestLead();
      int mark = siege.servers().history().mark();
      try (var crowds = Crowds.silent(siege.addresses().values())) {
        Siege.pause(BEFORE);
        for (InetSocketAddress target : siege.addresses().values()) {
          int tries = 1;
          for (long end = System.nanoTime() + HANG.toNanos(); !isServed(target); tries++) {
            assertTrue(System.nanoTime() - end < 0, "a stranger who speaks is kept out");
          }
          System.out.println("served at try " + tries);
        }
        assertEquals(old, siege.leader(), "with all files used up");
        siege.servers().killAll(List.of(old.leader()));
        long granted = siege.awaitGrantAfter(mark, old.epoch());
        siege.servers().startAll();
        Told.Knows next = siege.leader();
        assertTrue(next.epoch() > old.epoch());
        System.out.println(
            "files used up: " + crowds.tally() + ", then " + next + " at " + granted);
        assertTrue(crowds.tally().of("silent connections") > 3 * LIMIT);
      }
      List<Told> told = siege.servers().history().since(mark);
      for (long id : siege.servers().ids()) {
        assertTrue(
            told.stream().anyMatch(each -> each.server() == id && saysThatFilesRanOut(each)),
            () -> "files of server " + id + " never ran out");
        long logged = Files.size(siege.servers().log(id));
        assertTrue(logged <= MOST_LOG_BYTES, () -> "server " + id + " logged " + logged);
      }
      assertEquals(List.of(), siege.violations());
    }
  }

  /**
   * It may be among the older half in the moment before it speaks, and tries again like a server.
   */
  private static boolean isServed(InetSocketAddress target) throws IOException {
    try (var prompt = new Caller(target, Siege.from(0))) {
      return prompt.say(Words.introduction(Words.OBSERVER))
          && prompt.hear(Hello.class::isInstance, HANG).isPresent();
    }
  }

  private static boolean saysThatFilesRanOut(Told told) {
    return told.what() instanceof Told.Other(String line) && line.contains(RAN_OUT);
  }
}
