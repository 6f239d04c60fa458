package io.quorate.election.core;

import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several servers and the links between them in virtual time, in microseconds. The same seed gives
 * the same run. Links are as the transport promises: in order; the newest unsent notification
 * replaces an older one; nothing of a link arrives before it is up or over the next one; each end
 * learns at its own time that it is up or down, or only that another took its place.
 */
final class Cluster {
  /** Messages within a tenth of a second and per pair of servers; more is a loop. */
  private static final int MAX_BURST_PER_PAIR = 60;

  /** Longest times of the network, in microseconds. */
  record Delays(long write, long transit, long notice) {
    static final Delays LAN = new Delays(30, 300, 3 * VirtualTime.MILLI);
    static final Delays SLOW =
        new Delays(2 * VirtualTime.MILLI, 20 * VirtualTime.MILLI, 1_500 * VirtualTime.MILLI);
  }

  private final QuorumVerifier voters;
  final Random random;
  private Delays delays = Delays.LAN;
  private final TreeMap<ServerId, Node> nodes = new TreeMap<>();
  private final Map<List<ServerId>, Link> links = new HashMap<>();
  private final VirtualTime time = new VirtualTime();
  private long burstStart;
  private long burst;

  private long messages;
  private final Map<String, Integer> fired = new TreeMap<>();

  /** The way between two servers; its number grows with each connection and each loss of it. */
  private static final class Link {
    final ServerId low;
    final ServerId high;
    int number;
    boolean connected;
    Optional<ServerId> mute = Optional.empty();
    final Map<ServerId, Sender> senders = new HashMap<>();

    Link(ServerId one, ServerId other) {
      low = pair(one, other).get(0);
      high = pair(one, other).get(1);
    }

    Sender sender(ServerId from) {
      return Objects.requireNonNull(senders.get(from));
    }
  }

  /** One direction of one connection. */
  private final class Sender {
    final Link link;
    final int number;
    final ServerId from;
    final ServerId to;
    final long peerKnowsAt;
    private boolean hello;
    private Optional<Notification> unsent = Optional.empty();
    private boolean writing;
    private long lastArrival;

    Sender(Link link, ServerId from, ServerId to, long peerKnowsAt) {
      this.link = link;
      this.number = link.number;
      this.from = from;
      this.to = to;
      this.peerKnowsAt = peerKnowsAt;
    }

    void sendHello() {
      hello = true;
      write();
    }

    void send(Notification said) {
      unsent = Optional.of(said);
      write();
    }

    private void write() {
      if (writing || link.number != number || (!hello && unsent.isEmpty())) {
        return;
      }
      writing = true;
      Optional<Notification> next = hello ? Optional.empty() : unsent;
      unsent = hello ? unsent : Optional.empty();
      hello = false;
      time.after(
          upTo(delays.write()),
          () -> {
            writing = false;
            long arrival = Math.max(time.now() + 1 + upTo(delays.transit()), peerKnowsAt);
            lastArrival = Math.max(arrival, lastArrival);
            time.after(lastArrival - time.now(), () -> arrive(next));
            write();
          });
    }

    private void arrive(Optional<Notification> said) {
      Node receiver = node(to);
      boolean lost = link.number != number || link.mute.equals(Optional.of(from));
      if (lost || receiver.life.isEmpty()) {
        return;
      }
      if (said.isPresent()) {
        countMessage();
        feed(receiver, new Event.Heard(from, said.get()));
      } else if (receiver.ours) {
        feed(receiver, new Event.Recognized(from));
      }
    }
  }

  Cluster(QuorumVerifier voters, long seed) {
    this.voters = voters;
    this.random = new Random(seed);
  }

  void delays(Delays next) {
    delays = next;
  }

  /** Adds a server that is not started; one that is not ours neither says Hello nor reads it. */
  void add(long id, boolean ours, Position position) {
    var added = new Node(ServerId.of(id), ours, position);
    nodes.keySet().forEach(other -> links.put(pair(other, added.id), new Link(other, added.id)));
    nodes.put(added.id, added);
  }

  private Node node(ServerId id) {
    return Objects.requireNonNull(nodes.get(id));
  }

  /** Returns null for a server and itself. */
  private @Nullable Link link(ServerId one, ServerId other) {
    return links.get(pair(one, other));
  }

  private static List<ServerId> pair(ServerId one, ServerId other) {
    return one.compareTo(other) < 0 ? List.of(one, other) : List.of(other, one);
  }

  // ---- faults and orders ----

  void start(ServerId id) {
    Node node = node(id);
    if (node.life.isPresent()) {
      return;
    }
    time.note("server", id, "starts");
    var subject = new Subject(id, voters, node.position);
    node.life = Optional.of(subject);
    if (!node.eligible) {
      feed(node, new Event.Eligible(false));
    }
    perform(node, subject.look());
    for (ServerId peer : nodes.keySet()) {
      if (!peer.equals(id)) {
        time.after(upTo(50 * VirtualTime.MILLI), () -> tellUnreachable(node, subject, peer));
      }
    }
  }

  private void tellUnreachable(Node node, Subject life, ServerId peer) {
    boolean sameLife = node.life.isPresent() && node.subject() == life;
    if (sameLife && !node.knownLinks.containsKey(peer)) {
      feed(node, new Event.Unreachable(peer));
    }
  }

  void crash(ServerId id) {
    Node node = node(id);
    if (node.life.isEmpty()) {
      return;
    }
    time.note("server", id, "crashes");
    node.life = Optional.empty();
    node.timers.clear();
    node.knownLinks.clear();
    nodes.keySet().forEach(peer -> disconnect(id, peer));
  }

  void connect(ServerId one, ServerId other) {
    Link link = link(one, other);
    if (link == null || node(one).life.isEmpty() || node(other).life.isEmpty()) {
      return;
    }
    time.note("link", pair(one, other), "up");
    link.number++;
    link.connected = true;
    link.mute = Optional.empty();
    long lowKnows = time.now() + upTo(delays.notice() / 2);
    long highKnows = time.now() + upTo(delays.notice() / 2);
    link.senders.put(link.low, new Sender(link, link.low, link.high, highKnows));
    link.senders.put(link.high, new Sender(link, link.high, link.low, lowKnows));
    int number = link.number;
    time.after(lowKnows - time.now(), () -> tellUp(link, number, link.low, link.high));
    time.after(highKnows - time.now(), () -> tellUp(link, number, link.high, link.low));
  }

  private void tellUp(Link link, int number, ServerId id, ServerId peer) {
    Node node = node(id);
    if (node.life.isEmpty() || link.number != number) {
      return;
    }
    node.knownLinks.put(peer, number);
    if (node.ours) {
      link.sender(id).sendHello();
    }
    feed(node, new Event.LinkUp(peer));
  }

  void disconnect(ServerId one, ServerId other) {
    Link link = link(one, other);
    if (link == null || !link.connected) {
      return;
    }
    time.note("link", pair(one, other), "lost");
    int lost = link.number;
    link.number++;
    link.connected = false;
    for (ServerId id : List.of(link.low, link.high)) {
      ServerId peer = id.equals(link.low) ? link.high : link.low;
      time.after(upTo(delays.notice()), () -> tellDown(id, peer, lost));
    }
  }

  private void tellDown(ServerId id, ServerId peer, int lost) {
    Node node = node(id);
    if (node.life.isPresent() && node.knownLinks.remove(peer, lost)) {
      feed(node, new Event.LinkDown(peer));
      Subject subject = node.subject();
      time.after(upTo(delays.notice()), () -> tellUnreachable(node, subject, peer));
    }
  }

  /** Loses all that one server sends to another, until both find out and the link goes down. */
  void mute(ServerId from, ServerId to, long foundOutAfter) {
    Link link = link(from, to);
    if (link == null || !link.connected) {
      return;
    }
    time.note("server", to, "does not hear", from);
    link.mute = Optional.of(from);
    int number = link.number;
    time.after(
        foundOutAfter,
        () -> {
          if (link.number == number) {
            disconnect(from, to);
          }
        });
  }

  void lookAgain(ServerId id) {
    Node node = node(id);
    if (node.life.isPresent()) {
      time.note("server", id, "is told to look again");
      perform(node, node.subject().look());
    }
  }

  void cannotLead(ServerId id, boolean cannot) {
    node(id).cannotLead = cannot;
  }

  /** Tells a server of ours whether it may lead, in this life and in later ones. */
  void eligible(ServerId id, boolean may) {
    Node node = node(id);
    if (node.ours) {
      node.eligible = may;
      node.life.ifPresent(subject -> feed(node, new Event.Eligible(may)));
    }
  }

  /** Tells all servers of ours, each a little later, that this one is known to lead, if it may. */
  void led(ServerId leader) {
    if (!node(leader).isOursAndUp() || !node(leader).isCandidate(voters)) {
      return;
    }
    for (Node node : nodes.values()) {
      Optional<Subject> life = node.life;
      time.after(
          upTo(delays.transit()),
          () -> {
            if (node.isOursAndUp() && node.life.equals(life)) {
              feed(node, new Event.Led(leader));
            }
          });
    }
  }

  /** Lets everything be well: all run, all links are up and new, and whoever may can lead. */
  void heal() {
    time.note("---- healed ----");
    nodes.values().forEach(node -> node.cannotLead = false);
    if (nodes.values().stream().noneMatch(node -> node.isCandidate(voters))) {
      nodes.keySet().forEach(id -> eligible(id, true));
    }
    nodes.keySet().forEach(this::start);
    links.forEach(
        (pair, link) -> {
          if (!link.connected || link.mute.isPresent()) {
            connect(pair.get(0), pair.get(1));
          }
        });
  }

  // ---- time ----

  void after(long wait, Runnable task) {
    time.after(wait, task);
  }

  void run(long duration) {
    time.run(duration);
  }

  long upTo(long most) {
    return most == 0 ? 0 : random.nextLong(most + 1);
  }

  private void feed(Node node, Event event) {
    time.note("server", node.id, "<-", event);
    perform(node, node.subject().feed(event));
  }

  private void perform(Node node, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Nominate || action instanceof Action.Withdraw) {
        node.changes++;
        time.note("server", node.id, "->", action);
      }
      switch (action) {
        case Action.Send(ServerId to, Notification said) -> send(node, to, said);
        case Action.SetTimer(String timer, Duration wait) -> setTimer(node, timer, wait);
        case Action.CancelTimer(String timer) -> node.timers.remove(timer);
        case Action.Nominate nominate -> {
          if (nominate.vote().leader().equals(node.id)) {
            if (!node.eligible) {
              throw new AssertionError("server " + node.id + " leads and may not");
            }
            time.after(5 * VirtualTime.MILLI, () -> failIfItCannotLead(node));
          }
        }
        case Action.Looking _, Action.Withdraw _, Action.Warn _ -> {}
      }
    }
  }

  private void failIfItCannotLead(Node node) {
    if (node.cannotLead && node.life.isPresent()) {
      feed(node, new Event.NominationFailed());
    }
  }

  private void send(Node node, ServerId to, Notification said) {
    Link link = Objects.requireNonNull(link(node.id, to));
    if (node.knownLinks.getOrDefault(to, -1) == link.number) {
      link.sender(node.id).send(said);
    }
  }

  private void setTimer(Node node, String timer, Duration wait) {
    long token = time.next();
    node.timers.put(timer, token);
    time.after(
        wait.toNanos() / 1_000,
        () -> {
          if (node.timers.remove(timer, token)) {
            fired.merge(timer, 1, Integer::sum);
            time.note("server", node.id, "<-", timer, "fires");
            perform(node, node.subject().fire(timer));
          }
        });
  }

  private void countMessage() {
    messages++;
    if (time.now() - burstStart > VirtualTime.SECOND / 10) {
      burstStart = time.now();
      burst = 0;
    }
    int pairs = links.size();
    if (++burst > (long) MAX_BURST_PER_PAIR * pairs) {
      throw new AssertionError(
          burst + " messages in a tenth of a second among " + pairs + " pairs");
    }
  }

  // ---- what is so ----

  /** All servers that run know the same leader, which leads. */
  boolean agreed() {
    return agreed(nodes.keySet());
  }

  /** These servers, as far as they run, know the same leader, which leads. */
  boolean agreed(Collection<ServerId> ids) {
    var leaders = ids.stream().flatMap(id -> node(id).life.stream()).map(Subject::leader);
    return leaders
        .distinct()
        .collect(Collectors.collectingAndThen(Collectors.toList(), Cluster::theOnly))
        .flatMap(leader -> node(leader).life)
        .filter(subject -> subject.state() == ServerState.LEADING)
        .isPresent();
  }

  private static Optional<ServerId> theOnly(List<Optional<ServerId>> leaders) {
    return leaders.size() == 1 ? leaders.get(0) : Optional.empty();
  }

  /** Returns who leads, where all agree. */
  ServerId leader() {
    return nodes.values().stream()
        .flatMap(node -> node.life.stream())
        .flatMap(subject -> subject.leader().stream())
        .findFirst()
        .orElseThrow();
  }

  boolean isEligible(ServerId id) {
    return node(id).eligible;
  }

  /** Returns whom this server knows as its leader. */
  ServerId leaderOf(ServerId id) {
    return node(id).life.flatMap(Subject::leader).orElseThrow();
  }

  List<ServerId> ids() {
    return new ArrayList<>(nodes.keySet());
  }

  /** Returns the messages that have arrived. */
  long messages() {
    return messages;
  }

  /** Returns the nominations and withdrawals of all so far. */
  long changes() {
    return changesOf(nodes.keySet());
  }

  /** Returns those of some servers. */
  long changesOf(Collection<ServerId> ids) {
    return ids.stream().mapToLong(id -> node(id).changes).sum();
  }

  /** Returns how often a timer has run out. */
  int fired(String timer) {
    return fired.getOrDefault(timer, 0);
  }

  long maxRound() {
    return nodes.values().stream()
        .mapToLong(node -> node.life.map(Subject::round).orElse(0L))
        .max()
        .orElse(0);
  }

  /** Returns what happened last. */
  String trace() {
    return time.trace();
  }
}
