package io.quorate.testkit.world;

import io.quorate.election.engine.Input;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The links between servers, as the transport promises them: in order; the newest unsent message of
 * a kind replaces an older one; nothing of a link arrives before it is up or over the next one; a
 * link that breaks loses what is under way; each end learns at its own time that it is up or down,
 * or that another took its place. A link that is lost is dialled again until it is there.
 */
final class Network {

  /** Longest times, in nanoseconds. */
  record Delays(long write, long transit, long notice, long redial) {
    static final Delays LAN =
        new Delays(
            30 * VirtualTime.MICRO,
            300 * VirtualTime.MICRO,
            3 * VirtualTime.MILLI,
            100 * VirtualTime.MILLI);
    static final Delays SLOW =
        new Delays(
            2 * VirtualTime.MILLI,
            40 * VirtualTime.MILLI,
            900 * VirtualTime.MILLI,
            900 * VirtualTime.MILLI);
  }

  /** A message may come again so much later. */
  private static final int LATE_LEASES = 10;

  private static final List<DownCause> CAUSES =
      List.of(DownCause.CLOSED_BY_PEER, DownCause.FAILED, DownCause.WRITE_STALLED);

  private final World world;
  private final VirtualTime time;
  private final Map<ServerId, Map<ServerId, Link>> links = new TreeMap<>();
  private Delays delays = Delays.LAN;
  private long messages;

  /** The way between two servers; its number grows with each connection and each loss of it. */
  private static final class Link {
    final ServerId low;
    final ServerId high;
    int number;
    boolean connected;
    boolean dialling;

    /** No connection can be made until then. */
    long blockedUntil;

    /** Whose messages are swallowed although the link is up. */
    Set<ServerId> mute = Set.of();

    final Map<ServerId, Sender> senders = new HashMap<>();

    /** Something was lost although the connection is up, which no peer finds out. */
    boolean hasLost;

    private Interference interference = Interference.NONE;

    Interference interference(long now) {
      if (interference.isOver(now)) {
        interference = Interference.NONE;
      }
      return interference;
    }

    Link(ServerId low, ServerId high) {
      this.low = low;
      this.high = high;
    }

    Sender sender(ServerId from) {
      return Objects.requireNonNull(senders.get(from));
    }

    @Override
    public String toString() {
      return low + "-" + high;
    }
  }

  /** One direction of one connection. */
  private final class Sender {
    final Link link;
    final int number;
    final ServerId from;
    final Machine to;
    final long peerKnowsAt;
    private final LinkedHashMap<Class<?>, Message> unsent = new LinkedHashMap<>();
    private boolean writing;
    private long lastArrival;

    Sender(Link link, ServerId from, ServerId to, long peerKnowsAt) {
      this.link = link;
      this.number = link.number;
      this.from = from;
      this.to = world.server(to);
      this.peerKnowsAt = peerKnowsAt;
    }

    void send(Message message) {
      unsent.put(message.getClass(), message);
      write();
    }

    private void write() {
      if (writing || link.number != number || unsent.isEmpty()) {
        return;
      }
      writing = true;
      Message next = Objects.requireNonNull(unsent.pollFirstEntry()).getValue();
      long written = time.now() + world.upTo(world.delays, delays.write());
      Interference weather = link.interference(time.now());
      long arrival =
          Math.max(written + 1 + world.upTo(world.delays, delays.transit()), peerKnowsAt)
              + weather.delay(time.now(), world.delays);
      if (weather.keepsOrder()) {
        arrival = Math.max(arrival, lastArrival);
        lastArrival = arrival;
      }
      if (weather.loses(next, world.delays)) {
        link.hasLost = true;
      } else {
        time.at(arrival, () -> arrive(next));
      }
      if (weather.doubles(world.delays)) {
        time.at(arrival + world.upTo(world.delays, weather.scale()), () -> arrive(next));
      }
      if (weather.repeatsLate(world.delays)) {
        long late = world.upTo(world.delays, LATE_LEASES * world.setup.lease());
        time.at(arrival + late, () -> arriveLate(next));
      }
      time.at(
          written,
          () -> {
            writing = false;
            write();
          });
    }

    private void arrive(Message said) {
      boolean lost = link.number != number || link.mute.contains(from);
      if (!lost) {
        to.life()
            .filter(life -> life.knownLinks.getOrDefault(from, -1) == number)
            .ifPresent(life -> deliver(life, said));
      }
    }

    /**
     * By whatever link there is by then, to whatever process. But what a hello says is said of one
     * connection, and so by that one only.
     */
    private void arriveLate(Message said) {
      boolean possible = link.number == number || !(said instanceof Hello);
      if (possible && world.faults.isActive()) {
        to.life()
            .filter(life -> life.knownLinks.containsKey(from))
            .ifPresent(life -> deliver(life, said));
      }
    }

    private void deliver(ServerProcess life, Message said) {
      messages++;
      time.note("server", to.id, "hears", from, said);
      world.history.heard(life, from, said);
      life.give(new Input.Happened(new TransportEvent.Received(from, MessageCodec.encode(said))));
    }
  }

  Network(World world) {
    this.world = world;
    this.time = world.time;
  }

  void add(ServerId added, Iterable<ServerId> others) {
    links.put(added, new TreeMap<>());
    for (ServerId other : others) {
      boolean lower = added.compareTo(other) < 0;
      var link = new Link(lower ? added : other, lower ? other : added);
      of(added).put(other, link);
      of(other).put(added, link);
    }
  }

  private Map<ServerId, Link> of(ServerId id) {
    return Objects.requireNonNull(links.get(id));
  }

  void delays(Delays next) {
    delays = next;
  }

  long messages() {
    return messages;
  }

  private @Nullable Link link(ServerId one, ServerId other) {
    return of(one).get(other);
  }

  // ---- what servers do ----

  void send(ServerProcess from, ServerId to, Message message) {
    Link link = link(from.id(), to);
    if (link != null && from.knownLinks.getOrDefault(to, -1) == link.number) {
      link.sender(from.id()).send(message);
    }
  }

  void started(ServerId id) {
    of(id).values().forEach(this::dialLater);
  }

  void died(ServerId id) {
    of(id).values().forEach(link -> disconnect(link, DownCause.CLOSED_BY_PEER));
  }

  /** What it has given to the network arrives, in most cases. */
  void exited(ServerId id) {
    for (Link link : of(id).values()) {
      int number = link.number;
      time.after(
          delays.write() + world.upTo(world.delays, 2 * delays.transit()),
          () -> {
            if (link.number == number) {
              disconnect(link, DownCause.CLOSED_BY_PEER);
            }
          });
    }
  }

  // ---- connections ----

  private void dialLater(Link link) {
    if (!link.dialling) {
      link.dialling = true;
      time.after(world.upTo(world.delays, delays.redial()), () -> dial(link));
    }
  }

  private void dial(Link link) {
    link.dialling = false;
    if (link.connected) {
      return;
    }
    Optional<ServerProcess> low = world.server(link.low).life();
    Optional<ServerProcess> high = world.server(link.high).life();
    boolean open = link.blockedUntil <= time.now();
    if (open && low.isPresent() && high.isPresent()) {
      connect(link);
      return;
    }
    low.ifPresent(life -> notReached(life, link.high, open));
    high.ifPresent(life -> notReached(life, link.low, open));
    if (!open && link.blockedUntil != Long.MAX_VALUE) {
      link.dialling = true;
      time.at(link.blockedUntil + world.upTo(world.delays, delays.redial()), () -> dial(link));
    }
  }

  /** Only who is dead refuses, and only if the way to it is open. */
  private void notReached(ServerProcess life, ServerId peer, boolean open) {
    boolean refused = open && world.server(peer).life().isEmpty();
    UnreachableKind kind = refused ? UnreachableKind.REFUSED : UnreachableKind.OTHER;
    if (!life.knownLinks.containsKey(peer) && life.unreachable.put(peer, kind) != kind) {
      life.give(
          new Input.Happened(new TransportEvent.Unreachable(peer, kind, "by the simulation")));
    }
  }

  private void connect(Link link) {
    link.number++;
    link.connected = true;
    link.mute = Set.of();
    time.note("link", link, "up");
    long lowKnows = time.now() + world.upTo(world.delays, delays.notice() / 2);
    long highKnows = time.now() + world.upTo(world.delays, delays.notice() / 2);
    link.senders.put(link.low, new Sender(link, link.low, link.high, highKnows));
    link.senders.put(link.high, new Sender(link, link.high, link.low, lowKnows));
    int number = link.number;
    time.at(lowKnows, () -> tellUp(link, number, link.low, link.high));
    time.at(highKnows, () -> tellUp(link, number, link.high, link.low));
  }

  private void tellUp(Link link, int number, ServerId id, ServerId peer) {
    Optional<ServerProcess> life = world.server(id).life();
    if (life.isEmpty() || link.number != number) {
      return;
    }
    ServerProcess process = life.get();
    process.unreachable.remove(peer);
    if (process.knownLinks.put(peer, number) != null) {
      process.give(down(peer, DownCause.REPLACED));
    }
    process.give(new Input.Happened(new TransportEvent.LinkUp(peer, "by the simulation")));
  }

  private static Input down(ServerId peer, DownCause cause) {
    return new Input.Happened(new TransportEvent.LinkDown(peer, cause, "by the simulation"));
  }

  private void disconnect(Link link) {
    disconnect(link, CAUSES.get(world.delays.nextInt(CAUSES.size())));
  }

  private void disconnect(Link link, DownCause cause) {
    if (!link.connected) {
      return;
    }
    time.note("link", link, "lost");
    int lost = link.number;
    link.number++;
    link.connected = false;
    time.after(
        world.upTo(world.delays, delays.notice()),
        () -> tellDown(link.low, link.high, lost, cause));
    time.after(
        world.upTo(world.delays, delays.notice()),
        () -> tellDown(link.high, link.low, lost, cause));
    dialLater(link);
  }

  private void tellDown(ServerId id, ServerId peer, int lost, DownCause cause) {
    world
        .server(id)
        .life()
        .filter(life -> life.knownLinks.remove(peer, lost))
        .ifPresent(
            life -> {
              life.give(down(peer, cause));
              dialLater(Objects.requireNonNull(link(id, peer)));
            });
  }

  // ---- faults ----

  /** Does something to the messages of a link for a while. Each returns whether there is one. */
  boolean interfere(ServerId one, ServerId other, PlannedFault planned) {
    Link link = link(one, other);
    if (link != null) {
      link.interference = Interference.of(planned, time.now(), world.setup.lease());
    }
    return link != null;
  }

  /** Breaks the link; it is dialled again. */
  boolean cut(ServerId one, ServerId other) {
    Link link = link(one, other);
    if (link != null) {
      disconnect(link);
    }
    return link != null;
  }

  /** Another connection takes the place of this one. */
  boolean replace(ServerId one, ServerId other) {
    Link link = link(one, other);
    boolean possible = link != null && link.connected;
    if (possible) {
      connect(Objects.requireNonNull(link));
    }
    return possible;
  }

  /**
   * The first of them loses the connection; the other one is told later, or when it is replaced.
   */
  boolean halfOpen(ServerId one, ServerId other, long foundOutAfter) {
    Link link = link(one, other);
    if (link == null || !link.connected) {
      return false;
    }
    time.note("link", link, "is lost by", one);
    int lost = link.number;
    link.number++;
    link.connected = false;
    link.blockedUntil = Math.max(link.blockedUntil, time.now() + foundOutAfter / 2);
    tellDown(one, other, lost, DownCause.FAILED);
    time.after(foundOutAfter, () -> tellDown(other, one, lost, DownCause.FAILED));
    dialLater(link);
    return true;
  }

  /**
   * Swallows what some of the two say, until the silence is found out and the link breaks; none can
   * be made before a time has passed.
   */
  boolean mute(
      ServerId one, ServerId other, Collection<ServerId> silent, long foundOutAfter, long lasts) {
    Link link = link(one, other);
    if (link == null) {
      return false;
    }
    time.note("link", link, "does not carry what is said by", silent);
    link.mute = Set.copyOf(silent);
    link.blockedUntil = Math.max(link.blockedUntil, until(lasts));
    int number = link.number;
    time.after(
        foundOutAfter,
        () -> {
          if (link.number == number) {
            disconnect(link);
          }
        });
    return true;
  }

  private long until(long lasts) {
    return lasts == Long.MAX_VALUE ? lasts : time.now() + lasts;
  }

  /** Keeps two servers apart for a while; both are told. */
  boolean block(ServerId one, ServerId other, long lasts) {
    Link link = link(one, other);
    if (link != null) {
      link.blockedUntil = Math.max(link.blockedUntil, until(lasts));
      disconnect(link);
    }
    return link != null;
  }

  /** What is under way takes longer than a new connection. */
  private boolean isClogged(Link link) {
    long soon = time.now() + delays.redial();
    return link.connected && link.senders.values().stream().anyMatch(it -> it.lastArrival > soon);
  }

  /** Lets these two have a link that works, soon. */
  void heal(ServerId one, ServerId other) {
    Link link = link(one, other);
    if (link == null) {
      return;
    }
    link.blockedUntil = 0;
    link.interference = Interference.NONE;
    if (!link.mute.isEmpty() || link.hasLost || isClogged(link)) {
      disconnect(link);
      link.hasLost = false;
      link.mute = Set.of();
    }
    time.after(world.upTo(world.delays, delays.redial()), () -> dial(link));
  }
}
