package io.quorate.ports;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Addresses on this machine that nobody uses. */
public final class Loopback {

  public static final String HOST = "127.0.0.1";

  private static final int FIRST_LASTING = 10_000;

  /** From here on Linux takes the ports of outgoing connections, unless told otherwise. */
  private static final int FIRST_OUTGOING = 32_768;

  private static final int MAX_TRIES = 1000;

  private Loopback() {}

  /** Returns ports that nobody uses, no two the same. */
  public static List<Integer> freePorts(int count) {
    return IntStream.range(0, count).mapToObj(_ -> Ports.reserve()).toList();
  }

  /**
   * Returns ports that were free a moment ago, no two the same, and that no outgoing connection of
   * this machine is given: a server that is restarted finds its own again.
   */
  public static List<Integer> lastingPorts(int count) throws IOException {
    var ports = new ArrayList<Integer>();
    for (int tries = 0; ports.size() < count; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_LASTING, FIRST_OUTGOING);
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (!ports.contains(port)) {
          ports.add(port);
        }
      } catch (IOException e) {
        if (tries > MAX_TRIES) {
          throw e;
        }
      }
    }
    return ports;
  }

  /** Returns {@code 1=host:port,2=host:port...} with the ids from 1 up. */
  public static String members(List<Integer> ports) {
    var members = new ArrayList<String>();
    for (int port : ports) {
      members.add((members.size() + 1) + "=" + HOST + ":" + port);
    }
    return String.join(",", members);
  }
}
