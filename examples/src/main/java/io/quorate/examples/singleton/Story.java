package io.quorate.examples.singleton;

import io.quorate.examples.cli.FreeAddresses;
import io.quorate.examples.cli.TemporaryDirectory;
import io.quorate.examples.singleton.Report.Kind;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Three processes take turns in writing, and the one whose turn it is gets stopped at the worst
 * instant. Belongs to one thread; when the JVM ends, another ends them.
 */
final class Story implements AutoCloseable {

  /** How long each part may take before the story says that it failed. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private static final int PROCESSES = 3;
  private static final int WRITES = 3;

  private final PrintWriter out;
  private final long startNanos = System.nanoTime();
  private final TemporaryDirectory directory;
  private final Store store;
  private final SortedMap<ServerId, Child> children = new ConcurrentSkipListMap<>();
  private final LinkedBlockingQueue<Said> said = new LinkedBlockingQueue<>();

  /** What was said and not waited for yet. */
  private final List<Said> heard = new ArrayList<>();

  /** What a process told. */
  private record Said(ServerId who, Report report) {}

  /** The story did not come to its end. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String what) {
      super(what);
    }
  }

  /**
   * Prepares it.
   *
   * @throws IOException if there is no place for files
   */
  Story(PrintWriter out) throws IOException {
    this.out = out;
    directory = new TemporaryDirectory("quorate-singleton-", this::killAll);
    store = new Store(directory.path());
  }

  /**
   * Tells it from the beginning to the end.
   *
   * @throws FailedException if the late write was not refused, or something took too long
   * @throws IOException if the processes or their store failed
   * @throws InterruptedException if the thread was interrupted
   */
  void run() throws FailedException, IOException, InterruptedException {
    tell("%d processes start, to write to one file: the leader alone".formatted(PROCESSES));
    startAll();
    Said leads = await("nobody led", it -> it.report().kind() == Kind.LEADS);
    Child first = child(leads.who());
    long epoch = leads.report().epoch();
    tell("server %s leads with token %d".formatted(first.id(), epoch));
    // Servers that are new promise nothing before they have met everybody.
    for (Child other : children.values()) {
      if (!other.id().equals(first.id())) {
        awaitFrom("it did not follow", other, Kind.FOLLOWS, epoch);
      }
    }
    tell("the others follow it");
    for (int i = 0; i < WRITES; i++) {
      letWrite(first, epoch);
    }

    String line = awaitFrom("it did not go on", first, Kind.READY, epoch).report().detail();
    first.stop();
    tell("server %s is about to write line %s,".formatted(first.id(), line));
    tell("  and is stopped right there, by SIGSTOP to process %d".formatted(first.pid()));
    first.go();

    Said next =
        await(
            "nobody else led",
            it -> it.report().kind() == Kind.LEADS && it.report().epoch() > epoch);
    Child second = child(next.who());
    long later = next.report().epoch();
    tell("server %s leads with token %d".formatted(second.id(), later));
    letWrite(second, later);

    tell("server %s goes on, by SIGCONT, with its write of line %s".formatted(first.id(), line));
    first.signal("CONT");
    Report late = awaitEnd(first, epoch);
    if (late.kind() == Kind.WROTE) {
      throw new FailedException("the late write was let in");
    }
    tell("server %s is refused: %s".formatted(first.id(), late.detail()));
    letWrite(second, later);
    end(epoch, later);
  }

  private void startAll() throws IOException {
    String members = members(FreeAddresses.onLoopback(PROCESSES));
    Path store = directory.path();
    for (int i = 1; i <= PROCESSES; i++) {
      ServerId id = ServerId.of(i);
      var arguments =
          List.of(
              "singleton", "worker", "--id=" + id, "--members=" + members, "--directory=" + store);
      children.put(id, new Child(id, arguments, (who, report) -> said.add(new Said(who, report))));
    }
  }

  private static String members(List<HostPort> addresses) {
    var members = new TreeMap<Integer, HostPort>();
    addresses.forEach(address -> members.put(members.size() + 1, address));
    return members.entrySet().stream()
        .map(member -> member.getKey() + "=" + member.getValue())
        .collect(Collectors.joining(","));
  }

  private void letWrite(Child writer, long epoch)
      throws FailedException, IOException, InterruptedException {
    awaitFrom("it did not go on", writer, Kind.READY, epoch);
    writer.go();
    Report wrote = awaitFrom("it did not write", writer, Kind.WROTE, epoch).report();
    tell("server %s writes line %s".formatted(writer.id(), wrote.detail()));
  }

  private void end(long epoch, long later)
      throws FailedException, IOException, InterruptedException {
    children.values().forEach(Child::askToEnd);
    for (Child child : children.values()) {
      if (!child.awaitEnd()) {
        throw new FailedException("server " + child.id() + " did not end well");
      }
    }
    List<Store.Line> lines = store.lines();
    Optional<String> disorder = Store.disorder(lines);
    if (disorder.isPresent()) {
      throw new FailedException("the file is out of order: " + disorder.get());
    }
    tell(
        "the file is in order: %d lines, first of token %d and then of token %d"
            .formatted(lines.size(), epoch, later));
  }

  private Child child(ServerId id) throws FailedException {
    Child child = children.get(id);
    if (child == null) {
      throw new FailedException("there is no server " + id);
    }
    return child;
  }

  private Said awaitFrom(String orElse, Child child, Kind kind, long epoch)
      throws FailedException, InterruptedException {
    return await(
        "server " + child.id() + ": " + orElse,
        it ->
            it.who().equals(child.id())
                && it.report().kind() == kind
                && it.report().epoch() == epoch);
  }

  /** Waits until a write was let in or refused. */
  private Report awaitEnd(Child child, long epoch) throws FailedException, InterruptedException {
    return await(
            "the late write did not come to an end",
            it ->
                it.who().equals(child.id())
                    && it.report().epoch() == epoch
                    && (it.report().kind() == Kind.WROTE || it.report().kind() == Kind.REFUSED))
        .report();
  }

  /** Waits for it; what else is said meanwhile stays for later. */
  private Said await(String orElse, Predicate<Said> wanted)
      throws FailedException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Optional<Said> found = heard.stream().filter(wanted).findFirst();
    while (found.isEmpty()) {
      Said next = said.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new FailedException(orElse + " within " + LIMIT.toSeconds() + " s");
      }
      if (next.report().kind() == Kind.REVOKED) {
        Report end = next.report();
        tell(
            "server %s leads no more with token %d: %s"
                .formatted(next.who(), end.epoch(), end.detail()));
      }
      heard.add(next);
      found = Optional.of(next).filter(wanted);
    }
    heard.remove(found.get());
    return found.get();
  }

  private void tell(String sentence) {
    double millis = (System.nanoTime() - startNanos) / 1e6;
    out.print(String.format(Locale.ROOT, "%8.1f ms   ", millis) + sentence + "\n");
    out.flush();
  }

  private void killAll() {
    children.values().forEach(Child::close);
  }

  @Override
  public void close() {
    directory.close();
  }
}
