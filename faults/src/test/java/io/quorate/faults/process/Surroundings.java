package io.quorate.faults.process;

import io.quorate.faults.ensemble.NodeProcess;
import io.quorate.faults.ensemble.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What stands between a process and the machine: a clock that runs at another rate, and calls of
 * the C library that can be made to fail while it runs. Both are libraries that are loaded before
 * it, so there is no process in between. Belongs to one thread.
 */
final class Surroundings {

  /** The variable with the libraries for the JVM alone: a shell would confuse them. */
  static final String PRELOAD = "FAULTS_PRELOAD";

  private static final List<Path> FAKETIME =
      Stream.of("x86_64", "aarch64")
          .map(machine -> Path.of("/usr/lib/" + machine + "-linux-gnu/faketime/libfaketimeMT.so.1"))
          .toList();
  private static final List<Path> FIU =
      List.of(
          Path.of("/usr/lib/fiu/fiu_run_preload.so"), Path.of("/usr/lib/fiu/fiu_posix_preload.so"));

  private static final Path SHARED = Path.of("/dev/shm");
  private static final Pattern NUMBER_AT_THE_END = Pattern.compile("[0-9]+$");

  /** The file with the ids of all processes. */
  private static final String PIDS = "pids";

  /** EIO. */
  private static final String FAILING_FSYNC = "enable name=posix/io/sync/fsync,failinfo=5";

  private final Path pipes;
  private final Map<Long, Double> rates = new HashMap<>();
  private final Set<Long> prepared = new HashSet<>();
  private final Map<Integer, Double> ratesOfLives = new HashMap<>();
  private final Path pids;

  /** Keeps files in a directory, which somebody else deletes. */
  Surroundings(Path directory) {
    pids = directory.resolve(PIDS);
    pipes = directory.resolve("fiu");
  }

  /** Returns what of it this machine has not. */
  static List<String> missing() {
    var missing = new ArrayList<String>();
    if (FAKETIME.stream().noneMatch(Files::exists)) {
      missing.add("libfaketime");
    }
    if (!FIU.stream().allMatch(Files::exists)) {
      missing.add("fiu-utils");
    }
    return missing;
  }

  /** From its next start on, a server's clock runs so many seconds in one of the machine's. */
  void setRate(long id, double rate) {
    rates.put(id, rate);
  }

  /** From its next start on, a server's calls can be made to fail, or no longer. */
  void prepareFailures(long id, boolean wanted) {
    if (wanted) {
      prepared.add(id);
    } else {
      prepared.remove(id);
    }
  }

  /** Surrounds a start. */
  Start around(Start start) {
    double rate = rates.getOrDefault(start.id(), 1.0);
    Start result = start.with(List.of("--" + Worker.CLOCK_RATE + "=" + rate));
    var libraries = new ArrayList<Path>();
    if (rate != 1) {
      libraries.addAll(FAKETIME.stream().filter(Files::exists).toList());
      result = result.where("FAKETIME", "+0 x" + rate);
    }
    if (prepared.contains(start.id())) {
      libraries.addAll(FIU);
      result = result.where("FIU_CTRL_FIFO", pipes.toString());
    }
    return result.where(PRELOAD, String.join(" ", libraries.stream().map(Path::toString).toList()));
  }

  /** Notes a process that was started so. */
  void started(long id, NodeProcess process) throws IOException {
    ratesOfLives.put(process.life(), rates.getOrDefault(id, 1.0));
    Files.writeString(
        pids, process.pid() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Lets every fsync of a process fail from now on. */
  void failFsync(NodeProcess process) throws IOException {
    String said = Tool.run("fiu-ctrl", "-c", FAILING_FSYNC, pipes + "-" + process.pid());
    if (!said.isBlank()) {
      throw new IOException("fiu-ctrl: " + said.strip());
    }
  }

  /** Returns the rates of all clocks, by life. */
  Map<Integer, Double> ratesOfLives() {
    return Map.copyOf(ratesOfLives);
  }

  /**
   * Ends the processes of a run that was killed and left them stopped, and removes what libfaketime
   * leaves in shared memory when a process is killed.
   *
   * @param directory of the run that started them, this one or one before
   */
  static void removeTraces(Path directory) throws IOException {
    Path pids = directory.resolve(PIDS);
    if (Files.exists(pids)) {
      for (String pid : Files.readAllLines(pids)) {
        ProcessHandle.of(Long.parseLong(pid))
            .filter(process -> isOurs(process, directory))
            .ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    removeLeftByTheEnded();
  }

  /**
   * Removes what libfaketime has left in shared memory of processes that were killed, by their
   * numbers: who gets such a number next would find it.
   */
  static void removeLeftByTheEnded() throws IOException {
    try (var files = Files.newDirectoryStream(SHARED, "*faketime_s*")) {
      for (Path file : files) {
        Matcher pid = NUMBER_AT_THE_END.matcher(file.toString());
        if (pid.find() && ProcessHandle.of(Long.parseLong(pid.group())).isEmpty()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** The number of a process that has ended may be another's. */
  private static boolean isOurs(ProcessHandle process, Path directory) {
    return process
        .info()
        .commandLine()
        .filter(
            line -> line.contains(Worker.class.getName()) && line.contains(directory.toString()))
        .isPresent();
  }
}
