package io.quorate.transport.tcp;

import io.quorate.transport.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up, each time anew, on threads that may hang. A literal address needs no look-up. At
 * most one look-up per host is under way: while one hangs no other is started. The last good answer
 * stands in for a look-up that fails, takes too long or hangs already. Safe for use by any thread.
 */
final class Names {

  private final Resolver resolver;
  private final Threads threads;
  private final Map<String, CompletableFuture<List<InetAddress>>> underWay =
      new ConcurrentHashMap<>();
  private final Map<String, List<InetAddress>> lastGood = new ConcurrentHashMap<>();

  Names(Resolver resolver, Threads threads) {
    this.resolver = resolver;
    this.threads = threads;
  }

  /**
   * Looks a name up.
   *
   * @param host as configured, so that the tables here stay as small as the configuration
   * @param nanos how long to wait at most
   * @return at least one address
   * @throws UnknownHostException if there is no answer and never was one
   */
  List<InetAddress> resolve(String host, long nanos)
      throws UnknownHostException, InterruptedException {
    Optional<InetAddress> literal = literal(host);
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    var fresh = new CompletableFuture<List<InetAddress>>();
    var older = underWay.putIfAbsent(host, fresh);
    List<InetAddress> good = lastGood.get(host);
    if (older != null && good != null) {
      return good;
    }
    if (older == null) {
      begin(host, fresh);
    }
    String problem;
    try {
      return (older == null ? fresh : older).get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      problem = "the look-up takes too long";
    } catch (ExecutionException failure) {
      problem = String.valueOf(failure.getCause());
    }
    if (good != null) {
      return good;
    }
    throw new UnknownHostException(host + ": " + problem);
  }

  /** Returns the address that this is, if it is no name. */
  static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private void begin(String host, CompletableFuture<List<InetAddress>> answer) {
    try {
      threads.startNative("resolve-" + host, () -> lookUp(host, answer));
    } catch (Throwable failure) {
      underWay.remove(host, answer);
      throw failure;
    }
  }

  private void lookUp(String host, CompletableFuture<List<InetAddress>> answer) {
    try {
      List<InetAddress> addresses = List.copyOf(resolver.resolve(host));
      if (addresses.isEmpty()) {
        throw new UnknownHostException("no address");
      }
      lastGood.put(host, addresses);
      underWay.remove(host, answer);
      answer.complete(addresses);
    } catch (UnknownHostException failure) {
      underWay.remove(host, answer);
      answer.completeExceptionally(failure);
    } catch (Throwable failure) {
      underWay.remove(host, answer);
      threads.unexpected("resolve-" + host, failure);
      answer.completeExceptionally(failure);
    }
  }
}
