package io.quorate.transport;

import io.quorate.protocol.ServerId;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The links of one server to its peers: at most one per pair, kept up by itself, each with a send
 * and a receive worker. What arrives, and what becomes of the links, is read from one queue by
 * {@link #receive}.
 *
 * <p>Any thread may call any method. No method but {@link #receive} and {@link #close} waits.
 */
public interface Transport extends AutoCloseable {

  /**
   * Returns who we are.
   *
   * @return our id, or {@link ServerId#OBSERVER}
   */
  ServerId self();

  /**
   * Returns where we listen.
   *
   * @return the first bound address; empty while none is bound
   */
  Optional<SocketAddress> localAddress();

  /**
   * Returns the peers with a link that is up.
   *
   * @return a snapshot
   */
  Set<ServerId> connected();

  /**
   * Sends a message that tells a state: it takes the place of an unsent older one of the same kind
   * to the same peer. Never blocks.
   *
   * @param to the peer
   * @param kind which messages replace each other; the message's own kind, any number
   * @param message at least 1 byte, at most 512 KiB; not to be changed afterwards
   * @return what became of it
   * @throws IllegalArgumentException if the message is empty or too long
   */
  SendResult sendLatest(ServerId to, int kind, byte[] message);

  /**
   * Sends a message behind those sent before it to the same peer. Never blocks: when the peer's
   * queue is full, this message is refused and the older ones stay.
   *
   * @param to the peer
   * @param message at least 1 byte, at most 512 KiB; not to be changed afterwards
   * @return what became of it
   * @throws IllegalArgumentException if the message is empty or too long
   */
  SendResult sendInOrder(ServerId to, byte[] message);

  /**
   * Says that a peer that is well has something to say within this time, because it was asked for
   * example. Whatever arrives from it counts. If nothing does, the peer is dialled beside its link,
   * which stays until its successor is there: a network that has forgotten a connection loses all
   * that is sent over it, and nothing else tells. An expectation that stands is not moved by
   * another one. Never blocks.
   *
   * <p>Does nothing where links cannot be lost unnoticed, and without a link.
   *
   * @param peer from whom
   * @param within from now
   */
  default void expect(ServerId peer, Duration within) {}

  /**
   * Takes the next event of the receive queue. Events of one peer come in their order; peers take
   * turns, so that none can keep out another. Once closed it returns {@link TransportEvent.Nothing}
   * at once, whatever the time-out: whoever closes must end the loop that receives.
   *
   * @param timeout how long to wait at most; zero or less: not at all
   * @return the event; {@link TransportEvent.Nothing} when none came in time, after {@link
   *     #wakeup}, or once closed
   * @throws InterruptedException if the thread was interrupted
   */
  TransportEvent receive(Duration timeout) throws InterruptedException;

  /** Makes the present, or else the next, {@link #receive} return without waiting. */
  void wakeup();

  /**
   * Closes every connection, which ends its two workers, and keeps the listener and the queues.
   * Peers are dialled again afterwards.
   */
  void softHalt();

  /**
   * Returns how often things happened since the start, by the names of {@link TransportCounter}.
   *
   * @return a snapshot
   */
  Map<TransportCounter, Long> counters();

  /**
   * Ends everything: first the listener, then, once what is queued is written, connections and
   * threads. A peer that does not read gets a moment only, and all of it takes at most the
   * configured time. A second call does nothing.
   */
  @Override
  void close();
}
