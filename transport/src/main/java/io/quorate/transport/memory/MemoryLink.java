package io.quorate.transport.memory;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.queue.ReceiveQueue;
import io.quorate.transport.queue.SendQueue;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a link: what one end has sent and the other has not received. Guarded by the
 * network's lock.
 */
final class MemoryLink {

  final MemoryTransport from;
  final MemoryTransport to;

  /** What the sending end calls the receiving one. */
  final ServerId toName;

  final SendQueue sendQueue;
  private final ReceiveQueue.Inlet inlet;

  /** Taken from the send queue, and too much for the receiving end's share. */
  private byte @Nullable [] waiting;

  MemoryLink(MemoryTransport from, MemoryTransport to, ServerId fromName, ServerId toName) {
    this.from = from;
    this.to = to;
    this.toName = toName;
    this.sendQueue = new SendQueue(from.config().limits().sendQueue());
    this.inlet = to.queue().open(fromName, from.toString());
  }

  /** Moves what the receiving end has room for. */
  void pump() {
    if (waiting != null && !inlet.offer(waiting)) {
      return;
    }
    waiting = null;
    for (var next = sendQueue.poll(); next.isPresent(); next = sendQueue.poll()) {
      from.counting().add(TransportCounter.SENT);
      // The array stays the sender's, who may send it to others too.
      byte[] message = next.get().clone();
      if (!inlet.offer(message)) {
        to.counting().add(TransportCounter.RECEIVE_BACKPRESSURE);
        waiting = message;
        return;
      }
    }
  }

  /** Ends this direction; the receiving end is told why. */
  void close(DownCause cause, String detail) {
    sendQueue.close();
    inlet.close(cause, detail);
  }
}
