package io.quorate.transport.memory;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.TransportEvent.WarningCode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The transports that see each other. Whenever one comes, goes or halts, everybody binds and dials
 * what it still lacks, in the order in which they came; so nothing needs to be tried again later.
 *
 * <p>One lock guards the whole network. It is taken before a queue's lock, never after, and nobody
 * waits under it.
 */
final class MemoryNetwork {

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<MemoryTransport> members = new LinkedHashSet<>();
  private final Map<HostPort, MemoryTransport> listeners = new HashMap<>();

  static SocketAddress socketAddress(HostPort address) {
    return InetSocketAddress.createUnresolved(address.host(), address.port());
  }

  <T> T locked(Supplier<T> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  boolean has(MemoryTransport member) {
    return locked(() -> members.contains(member));
  }

  void join(MemoryTransport member) {
    lock.lock();
    try {
      members.add(member);
      settle();
    } finally {
      lock.unlock();
    }
  }

  void leave(MemoryTransport member) {
    lock.lock();
    try {
      if (members.remove(member)) {
        listeners.values().removeIf(listener -> listener == member);
        member.bound.clear();
        closeLinks(member, "close");
        settle();
      }
    } finally {
      lock.unlock();
    }
  }

  void softHalt(MemoryTransport member) {
    lock.lock();
    try {
      closeLinks(member, "soft halt");
      settle();
    } finally {
      lock.unlock();
    }
  }

  /** Moves on what waits for room in this member's share for that peer. */
  void roomFor(ServerId peer, MemoryTransport member) {
    lock.lock();
    try {
      MemoryLink out = member.links.get(peer);
      if (out != null) {
        back(out).pump();
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle() {
    for (MemoryTransport member : members) {
      bind(member);
    }
    for (MemoryTransport member : members) {
      for (Peer peer : member.config().peers()) {
        if (!member.links.containsKey(peer.id())) {
          dial(member, peer);
        }
      }
    }
  }

  private void bind(MemoryTransport member) {
    for (HostPort address : member.config().bind()) {
      MemoryTransport there = listeners.putIfAbsent(address, member);
      if (there == null) {
        member.bound.add(address);
        member.queue().listening(new Listening(socketAddress(address)));
      } else if (there != member) {
        member.warn(TransportCounter.BIND_FAILED, WarningCode.BIND_FAILED, address + " is in use");
      }
    }
  }

  private void dial(MemoryTransport dialler, Peer peer) {
    dialler.counting().add(TransportCounter.DIALLED);
    Optional<MemoryTransport> found =
        peer.addresses().stream().filter(listeners::containsKey).map(listeners::get).findFirst();
    if (found.isEmpty()) {
      dialler.tellUnreachable(
          peer.id(), UnreachableKind.REFUSED, "nobody listens at " + peer.addresses());
      return;
    }
    MemoryTransport acceptor = found.get();
    acceptor.counting().add(TransportCounter.ACCEPTED);
    Optional<ServerId> name = introduce(dialler, acceptor);
    if (name.isEmpty()) {
      dialler.tellUnreachable(peer.id(), UnreachableKind.OTHER, acceptor + " refuses us");
    } else if (!acceptor.self().equals(peer.id())) {
      dialler.tellUnreachable(peer.id(), UnreachableKind.OTHER, acceptor + " is another server");
    } else if (dialler.self().compareTo(acceptor.self()) > 0) {
      link(dialler, acceptor, name.get());
    } else if (!acceptor.links.containsKey(name.get())) {
      // The larger id's connection is the one that stays, so it dials, at the configured address.
      acceptor.counting().add(TransportCounter.CALLED_BACK);
      acceptor.peer(name.get()).ifPresent(known -> dial(acceptor, known));
    }
  }

  /** What the acceptor calls the dialler; empty if it refuses it. */
  private static Optional<ServerId> introduce(MemoryTransport dialler, MemoryTransport acceptor) {
    ServerId id = dialler.self();
    if (id.equals(ServerId.OBSERVER)) {
      Optional<ServerId> name = acceptor.nameObserver();
      if (name.isEmpty()) {
        acceptor.warn(
            TransportCounter.OBSERVER_REFUSED,
            WarningCode.TOO_MANY_OBSERVERS,
            acceptor.config().limits().observers() + " are linked");
      }
      return name;
    }
    if (id.equals(acceptor.self())) {
      acceptor.warn(
          TransportCounter.OWN_ID_REFUSED,
          WarningCode.DUPLICATE_ID,
          dialler + " introduces itself as server " + id);
      return Optional.empty();
    }
    if (acceptor.peer(id).isEmpty()) {
      acceptor.warn(
          TransportCounter.UNKNOWN_ID_REFUSED,
          WarningCode.UNKNOWN_ID,
          dialler + " introduces itself as server " + id);
      return Optional.empty();
    }
    return Optional.of(id);
  }

  private void link(MemoryTransport dialler, MemoryTransport acceptor, ServerId diallerName) {
    MemoryLink older = acceptor.links.get(diallerName);
    if (older != null) {
      close(older, DownCause.REPLACED, "by " + dialler);
    }
    acceptor.keep(new MemoryLink(acceptor, dialler, acceptor.self(), diallerName));
    dialler.keep(new MemoryLink(dialler, acceptor, diallerName, acceptor.self()));
  }

  private void closeLinks(MemoryTransport member, String reason) {
    for (MemoryLink link : List.copyOf(member.links.values())) {
      close(link, DownCause.CLOSED_BY_US, reason);
    }
  }

  /** Closes both directions; the cause is the sending end's, the other one sees a closed link. */
  private static void close(MemoryLink link, DownCause cause, String detail) {
    MemoryLink back = back(link);
    link.from.links.remove(link.toName, link);
    link.to.links.remove(back.toName, back);
    back.close(cause, detail);
    link.close(DownCause.CLOSED_BY_PEER, "closed by " + link.from);
  }

  private static MemoryLink back(MemoryLink link) {
    return link.to.links.values().stream()
        .filter(candidate -> candidate.to == link.from)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a link has two directions"));
  }
}
