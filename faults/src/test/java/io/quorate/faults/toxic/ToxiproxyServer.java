package io.quorate.faults.toxic;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import io.quorate.ports.Loopback;
import io.quorate.protocol.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.toxiproxy.ToxiproxyContainer;

/**
 * One Toxiproxy in a container, for all tests of this JVM. On Linux it uses the host's network, so
 * that an engine without a bridge will do and every byte stays on the loopback address; elsewhere
 * an engine lives in a machine of its own, and its ports are published.
 *
 * <p>Closing removes the container. One that a killed run left is removed by the next one: its
 * label says whose it is.
 */
final class ToxiproxyServer implements AutoCloseable {

  /** As in {@code build/engine}, which makes the image where it cannot be pulled. */
  private static final String IMAGE = "ghcr.io/shopify/toxiproxy:2.12.0";

  private static final String LABEL = "io.quorate.faults";

  /** How a container that uses a network of its own reaches the servers. */
  private static final String HOST_SEEN_FROM_CONTAINER = "host.docker.internal";

  private static final int CONTROL_PORT = 8474;

  /** The first of those that the container publishes for proxies, and how many these are. */
  private static final int FIRST_PUBLISHED = 8666;

  private static final int PUBLISHED = 32;

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final ToxiproxyContainer container;
  private final boolean onHost;
  private final ToxiproxyClient client;
  private final AtomicInteger opened = new AtomicInteger();

  /**
   * A proxy, and where its clients dial it.
   *
   * @param proxy to be given toxics
   * @param address as the servers see it
   */
  record Entrance(Proxy proxy, HostPort address) {}

  private ToxiproxyServer(ToxiproxyContainer container, boolean onHost, ToxiproxyClient client) {
    this.container = container;
    this.onHost = onHost;
    this.client = client;
  }

  /** Returns why these tests cannot run here; empty if they can. */
  static Optional<String> missing() {
    return DockerClientFactory.instance().isDockerAvailable()
        ? Optional.empty()
        : Optional.of("no Docker engine answers (build/engine start brings one)");
  }

  /** Starts it. */
  @SuppressWarnings("resource") // What starts it returns the container itself.
  static ToxiproxyServer start() throws IOException {
    removeLeftOvers();
    boolean onHost = System.getProperty("os.name", "").startsWith("Linux");
    var container = new ToxiproxyContainer(IMAGE);
    container.withLabel(LABEL, Owner.ofThisProcess().toString());
    int control = CONTROL_PORT;
    if (onHost) {
      control = Loopback.lastingPorts(1).getFirst();
      container.withNetworkMode("host");
      container.setExposedPorts(List.of());
      container.withCommand("-host=" + Loopback.HOST, "-port=" + control);
      container.waitingFor(answersAt(control));
    } else {
      container.waitingFor(Wait.forHttp("/version").forPort(CONTROL_PORT));
    }
    container.withStartupTimeout(START_LIMIT);
    container.start();
    var client =
        onHost
            ? new ToxiproxyClient(Loopback.HOST, control)
            : new ToxiproxyClient(container.getHost(), container.getMappedPort(CONTROL_PORT));
    return new ToxiproxyServer(container, onHost, client);
  }

  private static WaitStrategy answersAt(int port) {
    return new AbstractWaitStrategy() {
      @Override
      protected void waitUntilReady() {
        var client = new ToxiproxyClient(Loopback.HOST, port);
        Await.until(
            () -> {
              try {
                return Optional.of(client.version());
              } catch (IOException _) {
                return Optional.empty();
              }
            },
            startupTimeout,
            () -> "Toxiproxy answers: " + waitStrategyTarget.getLogs());
      }
    };
  }

  private static void removeLeftOvers() {
    var docker = DockerClientFactory.instance().client();
    docker.listContainersCmd().withShowAll(true).withLabelFilter(List.of(LABEL)).exec().stream()
        .filter(found -> !Owner.parse(found.getLabels().get(LABEL)).lives())
        .forEach(found -> docker.removeContainerCmd(found.getId()).withForce(true).exec());
  }

  /** Opens a proxy before a server that listens at a port of the loopback address. */
  Entrance open(String name, int server) throws IOException {
    if (onHost) {
      int port = Loopback.lastingPorts(1).getFirst();
      var address = new HostPort(Loopback.HOST, port);
      return new Entrance(
          client.createProxy(name, address.toString(), Loopback.HOST + ":" + server), address);
    }
    int port = FIRST_PUBLISHED + Math.floorMod(opened.getAndIncrement(), PUBLISHED);
    Proxy proxy =
        client.createProxy(name, "0.0.0.0:" + port, HOST_SEEN_FROM_CONTAINER + ":" + server);
    return new Entrance(proxy, new HostPort(container.getHost(), container.getMappedPort(port)));
  }

  /** Removes the container. */
  @Override
  public void close() {
    container.stop();
  }
}
