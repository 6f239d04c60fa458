package io.quorate.examples.probe;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.transport.Resolver;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asking one address. Dials it as an observer without an id and says that it looks for a leader,
 * which every server answers with its own opinion.
 *
 * <p>A server of ours answers on the connection that was dialled. A ZooKeeper server with an id
 * above -1, so every one of them, closes that connection and dials the address in our initial
 * message: so there is a listener at that address for as long as the inquiry lasts, and the server
 * that calls back also tells its id.
 */
final class Inquiry implements AutoCloseable {

  /** Calls that are served by one listener; only one is expected. */
  static final int MAX_CALLS = 4;

  private final HostPort address;
  private final Resolver resolver;
  private final Deadline deadline;

  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile String progress = "its name was not looked up";

  Inquiry(HostPort address, Resolver resolver, Deadline deadline) {
    this.address = address;
    this.resolver = resolver;
    this.deadline = deadline;
  }

  void start() {
    virtual("dial", this::dial);
  }

  /** Waits for the answer, at most until the deadline. */
  Answer await() throws InterruptedException {
    try {
      return answer.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return noAnswer("no answer within " + deadline.total().toMillis() + " ms: " + progress);
    } catch (ExecutionException e) {
      return noAnswer(e.toString());
    }
  }

  /** Closes all sockets, which ends the threads. */
  @Override
  public void close() {
    closed = true;
    open.forEach(Inquiry::closeQuietly);
  }

  private void dial() {
    try {
      List<InetAddress> found = resolve();
      progress = "it does not accept a connection";
      for (int i = 0; i < found.size() - 1; i++) {
        // Every address gets its share of the time, so that a silent one does not cost the others.
        if (dial(found.get(i), deadline.millisLeft() / (found.size() - i)).isEmpty()) {
          return;
        }
      }
      dial(found.getLast(), deadline.millisLeft()).ifPresent(error -> fail(error));
    } catch (UnknownHostException _) {
      fail("there is no host " + address.host());
    } catch (IOException e) {
      fail(describe(e));
    }
  }

  /** Looks the name up on a thread of its own: a look-up cannot be interrupted and may hang. */
  private List<InetAddress> resolve() throws IOException {
    var found = new CompletableFuture<List<InetAddress>>();
    Thread.ofPlatform()
        .daemon()
        .name("quorate-lookup-" + address.host())
        .start(
            () -> {
              try {
                found.complete(resolver.resolve(address.host()));
              } catch (Exception e) {
                found.completeExceptionally(e);
              }
            });
    try {
      return found.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new IOException("its name was not looked up in time", e);
    }
  }

  /** Returns why this address is of no use; empty if a connection came about. */
  private Optional<String> dial(InetAddress host, int connectMillis) {
    try (Socket socket = opened(new Socket());
        ServerSocket listener = opened(new ServerSocket())) {
      try {
        socket.connect(new InetSocketAddress(host, address.port()), Math.max(1, connectMillis));
        listener.bind(new InetSocketAddress(socket.getLocalAddress(), 0), MAX_CALLS);
      } catch (IOException e) {
        return Optional.of(describe(e));
      }
      virtual("accept", () -> accept(listener));
      progress = "it took the connection and said nothing";
      var conversation = new Conversation(socket, deadline);
      try {
        conversation.introduce(localAddress(listener));
        finish(conversation.ask(), Optional.empty(), Optional.of(host));
      } catch (Conversation.NonsenseException e) {
        fail(String.valueOf(e.getMessage()));
      } catch (SocketTimeoutException e) {
        // The time is over, which await tells; nobody closed anything.
        throw e;
      } catch (IOException e) {
        progress = "it closed the connection and did not call back (" + describe(e) + ")";
        // Keeps the listener for the call.
        answer.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
      }
    } catch (IOException | ExecutionException | TimeoutException | InterruptedException _) {
      // Told by await, with the progress so far.
    }
    return Optional.empty();
  }

  private void accept(ServerSocket listener) {
    try {
      for (int calls = 0; calls < MAX_CALLS; calls++) {
        Socket call = opened(listener.accept());
        virtual("call", () -> serve(call));
      }
    } catch (IOException _) {
      // The inquiry is over.
    }
  }

  private void serve(Socket call) {
    try (call) {
      var conversation = new Conversation(call, deadline);
      ServerId caller = conversation.readInitialMessage().sid();
      progress = "it called back and said nothing";
      finish(
          conversation.ask(),
          Optional.of(caller).filter(ServerId::isMember),
          Optional.of(call.getInetAddress()));
    } catch (SocketTimeoutException _) {
      // The time is over, which await tells.
    } catch (IOException e) {
      progress = "it called back, and then: " + describe(e);
    } finally {
      open.remove(call);
    }
  }

  private void finish(
      Notification opinion, Optional<ServerId> told, Optional<InetAddress> dialled) {
    Optional<ServerId> id =
        told.or(
            () ->
                opinion.state() == ServerState.LEADING
                    ? Optional.of(opinion.vote().leader())
                    : idOf(opinion, dialled));
    answer.complete(new Answer.Opinion(address, id, opinion));
  }

  /** Finds the asked address among those of the members; names are compared, never looked up. */
  private Optional<ServerId> idOf(Notification opinion, Optional<InetAddress> dialled) {
    Optional<String> literal = dialled.map(InetAddress::getHostAddress);
    return opinion.config().stream()
        .flatMap(text -> text.config().members().values().stream())
        .filter(member -> member.electionAddresses().stream().anyMatch(at -> isHere(at, literal)))
        .map(Member::id)
        .findFirst();
  }

  private boolean isHere(HostPort member, Optional<String> literal) {
    return member.port() == address.port()
        && (member.host().equalsIgnoreCase(address.host())
            || literal.filter(member.host()::equalsIgnoreCase).isPresent());
  }

  private static HostPort localAddress(ServerSocket listener) {
    String literal = listener.getInetAddress().getHostAddress();
    int scope = literal.indexOf('%');
    return new HostPort(scope < 0 ? literal : literal.substring(0, scope), listener.getLocalPort());
  }

  private static String describe(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return "no connection in time";
    }
    String message = e.getMessage();
    return message == null || message.isEmpty()
        ? e.toString()
        : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private void fail(String error) {
    answer.complete(noAnswer(error));
  }

  private Answer noAnswer(String error) {
    return new Answer.NoAnswer(address, error);
  }

  private <T extends Closeable> T opened(T socket) {
    open.add(socket);
    if (closed) {
      closeQuietly(socket);
    }
    return socket;
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed as far as it can be.
    }
  }

  private void virtual(String task, Runnable body) {
    Thread.ofVirtual().name("quorate-probe-" + task + "-" + address).start(body);
  }
}
