package io.quorate.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Addresses on this machine that nobody uses. */
public final class Loopback {

  public static final String HOST = "127.0.0.1";

  private Loopback() {}

  /** Returns ports that were free a moment ago, no two the same. */
  public static List<Integer> freePorts(int count) throws IOException {
    var held = new ArrayList<ServerSocket>();
    try {
      var ports = new ArrayList<Integer>();
      for (int i = 0; i < count; i++) {
        var socket = new ServerSocket();
        held.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ports.add(socket.getLocalPort());
      }
      return ports;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
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
