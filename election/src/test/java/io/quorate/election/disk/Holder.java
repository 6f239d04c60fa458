package io.quorate.election.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another process that holds a lock until it is closed. */
public final class Holder implements AutoCloseable {
  private static final long HANG_SECONDS = 60;
  private static final String PROGRAM =
      """
      import java.nio.channels.FileChannel;
      import java.nio.file.Path;
      import java.nio.file.StandardOpenOption;

      public final class Hold {
        public static void main(String[] args) throws Exception {
          try (var file =
                  FileChannel.open(
                      Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
              var lock = file.tryLock()) {
            System.out.println(lock == null ? "refused" : "held");
            System.in.read();
          }
        }
      }
      """;

  private final Process process;
  private final BufferedReader output;

  private Holder(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a process that tries to lock a file; the program is kept in the directory. */
  public static Holder of(Path file, Path directory) throws IOException {
    Path program = Files.writeString(directory.resolve("Hold.java"), PROGRAM);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process = new ProcessBuilder(java, program.toString(), file.toString());
    return new Holder(process.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Tells whether it holds the lock, once it has tried. */
  public boolean holds() throws IOException {
    String line = output.readLine();
    assertTrue("held".equals(line) || "refused".equals(line), () -> "it said " + line);
    return "held".equals(line);
  }

  /** Lets it end by itself. */
  @Override
  public void close() throws IOException {
    try (output) {
      process.outputWriter(StandardCharsets.UTF_8).close();
      assertTrue(process.waitFor(HANG_SECONDS, TimeUnit.SECONDS), "the other process hangs");
      assertEquals(0, process.exitValue());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
