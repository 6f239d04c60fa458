package io.quorate.faults.process;

import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.NodeProcess;
import io.quorate.faults.ensemble.Servers;
import io.quorate.faults.ensemble.Start;
import io.quorate.faults.ensemble.Told;
import io.quorate.ports.Loopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * An ensemble of {@link Worker}s with the store that they write to, a disk of its own for each, and
 * what stands between them and the machine. Closing it ends all, and deletes all files. Belongs to
 * one thread.
 */
final class Workers implements AutoCloseable {

  private final Path directory;
  private final FencedStore store;
  private final Disks disks;
  private final Surroundings surroundings;
  private final Servers servers;
  private final List<ProcessHandle> started = new CopyOnWriteArrayList<>();
  private final List<String> hanging = new ArrayList<>();

  /** Otherwise a stopped process would outlive a JVM that is told to end. */
  private final Thread atEnd = new Thread(() -> started.forEach(ProcessHandle::destroyForcibly));

  /**
   * Prepares them; none runs yet.
   *
   * @param image the run-time image on which they run
   * @param directory where all files go; what is there is deleted, now and in the end
   * @param options of all servers
   */
  Workers(Path image, Path directory, int count, List<String> options) throws IOException {
    this.directory = directory.toAbsolutePath().normalize();
    Disks.unmountBelow(this.directory);
    deleteAll(this.directory);
    Files.createDirectories(this.directory);
    Runtime.getRuntime().addShutdownHook(atEnd);
    String members = Loopback.members(Loopback.lastingPorts(count));
    Path launcher = launcher(image.toAbsolutePath());
    surroundings = new Surroundings(this.directory);
    servers = new Servers(launcher, this.directory, members, start -> around(start, options));
    store = new FencedStore();
    disks = new Disks(this.directory, servers.ids());
  }

  /** Our class path, on the JVM, the modules and the cache of the packaged command. */
  private Path launcher(Path image) throws IOException {
    Path launcher = directory.resolve("worker");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec env LD_PRELOAD="$%s" %s/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
          -XX:AOTCache=%s/lib/quorate.aot -Xlog:disable -Xlog:all=warning,aot*=off:stderr \\
          --add-modules io.quorate.examples --enable-native-access=ALL-UNNAMED \\
          -cp '%s' %s "$@"
        """
            .formatted(Surroundings.PRELOAD, image, image, classes(), Worker.class.getName()));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    return launcher;
  }

  private static Path classes() {
    return Path.of(Worker.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private Start around(Start start, List<String> options) {
    return surroundings
        .around(start)
        .with(options)
        .with(List.of("--" + Worker.STORE + "=" + store.port()))
        .in(disks.data(start.id()));
  }

  List<Long> ids() {
    return servers.ids();
  }

  History history() {
    return servers.history();
  }

  Disks disks() {
    return disks;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  FencedStore.Ledger ledger() {
    return store.ledger();
  }

  int lives() {
    return servers.lives();
  }

  NodeProcess process(long id) {
    return servers.process(id);
  }

  void start(long id) throws IOException {
    Surroundings.removeLeftByTheEnded();
    servers.start(id);
    surroundings.started(id, servers.process(id));
    ProcessHandle.of(servers.process(id).pid()).ifPresent(started::add);
  }

  void start(List<Long> ids) throws IOException {
    for (long id : ids) {
      start(id);
    }
  }

  void kill(List<Long> ids) throws InterruptedException {
    servers.killAll(ids);
  }

  /** Asks a server to end; returns its exit code. */
  int terminate(long id) throws InterruptedException {
    servers.process(id).terminate();
    return servers.awaitExit(id);
  }

  /** As {@link #terminate}, where nothing keeps it from ending well. */
  void terminateWell(long id) throws InterruptedException {
    int exitCode = terminate(id);
    if (exitCode != 0) {
      history().complain("SIGTERM of server " + id + " ended with exit code " + exitCode);
    }
  }

  /** Waits for the end of a server that was not asked for; returns its exit code. */
  int awaitExit(long id) throws InterruptedException {
    return servers.awaitExit(id);
  }

  /**
   * Waits until all that run know the same confirmed leader. A process that hangs before our code
   * runs is no server yet: it is started anew, and reported.
   */
  Told.Knows agree(Duration limit) throws IOException, InterruptedException {
    try {
      return servers.awaitAgreement(limit);
    } catch (History.Missing missing) {
      if (!replaceHanging()) {
        throw missing;
      }
      return servers.awaitAgreement(limit);
    }
  }

  private boolean replaceHanging() throws IOException, InterruptedException {
    boolean any = false;
    for (long id : ids()) {
      if (servers.runs(id) && hangsAtItsStart(process(id))) {
        hanging.add(Tasks.describe(process(id).pid()));
        kill(List.of(id));
        start(id);
        any = true;
      }
    }
    return any;
  }

  private boolean hangsAtItsStart(NodeProcess process) throws IOException {
    boolean spoke = history().merged().stream().anyMatch(told -> told.life() == process.life());
    return !spoke && Tasks.names(process.pid()).stream().noneMatch(it -> it.startsWith("quorate-"));
  }

  /** Returns what the threads did of each process that hung at its start. */
  List<String> hanging() {
    return List.copyOf(hanging);
  }

  /** Waits until a life tells something. */
  void awaitTold(int mark, int life, Predicate<Told.What> wanted, Duration limit, String what)
      throws InterruptedException {
    history()
        .awaitAfter(
            mark,
            told ->
                told.life() == life && wanted.test(told.what())
                    ? Optional.of(told)
                    : Optional.empty(),
            limit,
            what);
  }

  /** Returns the end of what the servers said besides their lines. */
  String logs() throws IOException {
    var text = new StringBuilder();
    for (long id : ids()) {
      List<String> lines = Files.readAllLines(servers.log(id));
      text.append("log of server ").append(id).append(":\n");
      lines
          .subList(Math.max(0, lines.size() - 20), lines.size())
          .forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    servers.close();
    disks.close();
    store.close();
    deleteAll(directory);
    Runtime.getRuntime().removeShutdownHook(atEnd);
  }

  /** Deletes what a run has left, this one or one before. */
  private static void deleteAll(Path directory) throws IOException {
    Surroundings.removeTraces(directory);
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(directory)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
