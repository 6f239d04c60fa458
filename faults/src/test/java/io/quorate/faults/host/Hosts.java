package io.quorate.faults.host;

import io.quorate.faults.ensemble.Start;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Hosts 1 to n, each a network namespace with an address of its own, and a router between them that
 * does to packets what a test asks for. Nothing of the machine's own network takes part. Closing it
 * removes them and ends what runs on them. Belongs to one thread.
 */
public final class Hosts implements AutoCloseable {

  static final int PORT = 3888;

  private static final String PREFIX = "quorate-";

  /** A network as usual. */
  private static final int USUAL_MTU = 1500;

  private final List<Long> ids;
  private final String family;
  private final Router router;

  private Hosts(int count) {
    this.ids = LongStream.rangeClosed(1, count).boxed().toList();
    this.family = PREFIX + ProcessHandle.current().pid() + "-";
    this.router = new Router(family + "router");
  }

  /** Returns in one line why there can be no hosts here; empty where they can be. */
  public static Optional<String> missing() throws InterruptedException {
    String probe = PREFIX + ProcessHandle.current().pid() + "-probe";
    try {
      Command.run("nft", "--version");
      Command.run("ss", "--version");
      ip("netns add " + probe);
      ip("netns delete " + probe);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "NO HOSTS: network namespaces need root, iproute2 and nftables: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Makes them, after what an earlier run left that was killed has been removed. */
  public static Hosts make(int count) throws IOException, InterruptedException {
    removeLeftovers();
    var hosts = new Hosts(count);
    try {
      hosts.begin();
      return hosts;
    } catch (IOException | InterruptedException | RuntimeException e) {
      hosts.close();
      throw e;
    }
  }

  private void begin() throws IOException, InterruptedException {
    String middle = family + "router";
    ip("netns add " + middle);
    ip("-n %s link set lo up".formatted(middle));
    router.begin();
    for (long id : ids) {
      String host = name(id);
      String port = port(id);
      ip("netns add " + host);
      ip("-n %s link set lo up".formatted(host));
      ip("-n %s link add name eth0 type veth peer name %s netns %s".formatted(host, port, middle));
      ip("-n %s address add %s/24 dev eth0".formatted(host, address(id)));
      ip("-n %s address add %s/24 dev %s".formatted(middle, gateway(id), port));
      ip("-n %s link set eth0 up".formatted(host));
      ip("-n %s link set %s up".formatted(middle, port));
      ip("-n %s route add default via %s".formatted(host, gateway(id)));
    }
  }

  private static String ip(String words) throws IOException, InterruptedException {
    return Command.run(("ip " + words).split(" ", -1));
  }

  private static void removeLeftovers() throws IOException, InterruptedException {
    for (String name : namespaces()) {
      String[] parts = name.split("-", -1);
      boolean ours = parts.length == 3 && name.startsWith(PREFIX) && parts[1].matches("\\d{1,9}");
      if (ours && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
        remove(name);
      }
    }
  }

  private static List<String> namespaces() throws IOException, InterruptedException {
    return ip("netns list")
        .lines()
        .map(line -> line.split(" ", -1)[0])
        .filter(name -> name.startsWith(PREFIX))
        .toList();
  }

  /** Ends what runs there, so that it ends, too. */
  private static void remove(String name) throws IOException, InterruptedException {
    for (String pid : ip("netns pids " + name).lines().toList()) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
    ip("netns delete " + name);
  }

  static String inside(String name, String... command) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("ip", "netns", "exec", name));
    words.addAll(List.of(command));
    return Command.run(words.toArray(String[]::new));
  }

  static String address(long id) {
    return "10.88." + id + ".2";
  }

  private static String gateway(long id) {
    return "10.88." + id + ".1";
  }

  private static String port(long id) {
    return "port" + id;
  }

  private String name(long id) {
    return family + "host" + id;
  }

  public List<Long> ids() {
    return ids;
  }

  /** Returns the members as the option of this name, each on its host. */
  public String members() {
    return ids.stream()
        .map(id -> id + "=" + address(id) + ":" + PORT)
        .collect(Collectors.joining(","));
  }

  /** Returns a start on the server's own host. */
  public Start on(Start start) {
    return start.by("ip", "netns", "exec", name(start.id()));
  }

  // ---- faults ----

  /** From now on the packets of these ways suffer that, and those of no other ways. */
  public void put(Rule rule, Collection<Way> ways) throws IOException, InterruptedException {
    if (rule == Rule.TOO_LARGE) {
      throw new IllegalArgumentException("a link of a host is narrowed, not a way");
    }
    router.put(rule, ways);
  }

  /** The router forgets all connections of these ways. */
  public void forget(Collection<Way> ways) throws IOException, InterruptedException {
    router.restart(ways);
  }

  /** From now on the link to a host takes only packets of so many bytes. */
  public void narrow(long id, int mtu) throws IOException, InterruptedException {
    ip("-n %srouter link set %s mtu %d".formatted(family, port(id), mtu));
  }

  /** Ends all faults. */
  public void heal() throws IOException, InterruptedException {
    router.heal();
    for (long id : ids) {
      narrow(id, USUAL_MTU);
    }
  }

  /** Returns how many packets have met a fault so far. */
  public long count(Rule rule) throws IOException, InterruptedException {
    return router.count(rule);
  }

  /** Returns how long the router remembers an idle connection. */
  public static Duration remembered() {
    return Duration.ofSeconds(Router.REMEMBERED_SECONDS);
  }

  /** Returns the other ends of the connections that a host has established, in order. */
  List<Long> connections(long id) throws IOException, InterruptedException {
    return inside(name(id), "ss", "-Htn", "state", "established")
        .lines()
        .map(Hosts::peer)
        .sorted()
        .toList();
  }

  /** From {@code 0 0 10.88.1.2:3888 10.88.2.2:40000}. */
  static long peer(String line) {
    String[] columns = line.trim().split("\\s+", -1);
    return Long.parseLong(columns[3].split("\\.", -1)[2]);
  }

  /** Removes them. The next run does so where this thread is interrupted. */
  @Override
  public void close() throws IOException {
    try {
      for (String name : namespaces()) {
        if (name.startsWith(family)) {
          remove(name);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: hosts stay");
    }
  }
}
