package io.quorate.faults.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Processes that do nothing but take the time of one processor, on which a victim has to run, too:
 * they are far more important to the scheduler. The kernel ends each by itself after a while, so
 * that none can outlive a run that was killed. Belongs to one thread.
 */
final class BusyProcesses implements AutoCloseable {

  private static final int COUNT = 4;
  private static final int NICE = -15;

  /** Seconds of processor time, of which each has a fraction. */
  private static final int MOST_SECONDS = 10;

  private static final int MOST_TRIES = 20;

  private final long victim;
  private final List<Process> processes = new ArrayList<>();
  private final String processors;

  /** Starts them, and binds the victim to their processor. */
  BusyProcesses(long victim, int processor) throws IOException {
    this.victim = victim;
    String said = Tool.run("taskset", "-cp", Long.toString(victim));
    this.processors = said.substring(said.lastIndexOf(' ') + 1).strip();
    String number = Integer.toString(processor);
    try {
      for (int i = 0; i < COUNT; i++) {
        processes.add(
            new ProcessBuilder(
                    "nice",
                    "-n",
                    Integer.toString(NICE),
                    "taskset",
                    "-c",
                    number,
                    "sh",
                    "-c",
                    "ulimit -t " + MOST_SECONDS + "; while :; do :; done")
                .start());
      }
      bind(number);
    } catch (IOException e) {
      processes.forEach(Process::destroyForcibly);
      throw e;
    }
  }

  /** Returns how much time of the processor they took so far, all together. */
  Duration taken() {
    return processes.stream()
        .map(process -> process.info().totalCpuDuration())
        .flatMap(Optional::stream)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Ends them, and lets the victim run where it did. */
  @Override
  public void close() throws IOException {
    for (Process process : processes) {
      process.destroyForcibly().onExit().join();
    }
    bind(processors);
  }

  /** It is refused when one of the victim's threads ends just then. */
  private void bind(String where) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        Tool.run("taskset", "-acp", where, Long.toString(victim));
        return;
      } catch (IOException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }
}
