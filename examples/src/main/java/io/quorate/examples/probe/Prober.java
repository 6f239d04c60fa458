package io.quorate.examples.probe;

import io.quorate.protocol.HostPort;
import io.quorate.transport.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks several addresses at once. Bounded by its timeout whatever they do, the look-up of their
 * names included. Leaves no socket behind.
 */
final class Prober {

  private final Resolver resolver;
  private final Duration timeout;

  /**
   * Asks within a time.
   *
   * @param resolver turns names into addresses
   * @param timeout for all addresses together
   */
  Prober(Resolver resolver, Duration timeout) {
    this.resolver = resolver;
    this.timeout = timeout;
  }

  /**
   * Asks.
   *
   * @param addresses where to ask
   * @return an answer for each address, in this order
   * @throws InterruptedException if the thread was interrupted
   */
  List<Answer> ask(List<HostPort> addresses) throws InterruptedException {
    var deadline = Deadline.in(timeout);
    var inquiries = new ArrayList<Inquiry>();
    var answers = new ArrayList<Answer>();
    try {
      for (HostPort address : addresses) {
        var inquiry = new Inquiry(address, resolver, deadline);
        inquiries.add(inquiry);
        inquiry.start();
      }
      for (Inquiry inquiry : inquiries) {
        answers.add(inquiry.await());
      }
    } finally {
      inquiries.forEach(Inquiry::close);
    }
    return List.copyOf(answers);
  }
}
