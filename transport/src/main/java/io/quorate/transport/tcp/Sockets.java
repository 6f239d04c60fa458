package io.quorate.transport.tcp;

import io.quorate.transport.TransportLimits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/** What is done alike to every socket. */
final class Sockets {

  /**
   * What the kernel may hold of what we wrote. Its own choice grows to megabytes: they would make a
   * peer that reads slowly get old states, and hide from us for long that it reads at all.
   */
  private static final int SEND_BUFFER_BYTES = 64 * 1024;

  private Sockets() {}

  /** Sends without delay, and asks a silent peer whether it lives. */
  static void configure(Socket socket, TransportLimits limits) throws IOException {
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, seconds(limits.keepAliveIdle()));
    set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds(limits.keepAliveInterval()));
    set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, limits.keepAliveCount());
  }

  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    // Not every operating system has all three; plain keepalive is better than no link.
    if (socket.supportedOptions().contains(option)) {
      socket.setOption(option, value);
    }
  }

  private static int seconds(Duration duration) {
    return Math.clamp(duration.toSeconds(), 1, Short.MAX_VALUE);
  }

  /**
   * Connects.
   *
   * @throws ConnectException if nobody listens there
   */
  static void connect(Socket socket, InetSocketAddress target, int millis) throws IOException {
    socket.connect(target, millis);
    if (target.equals(socket.getLocalSocketAddress())) {
      // TCP lets a socket meet itself when it was given the very port that it dials.
      throw new ConnectException("connected to itself: nobody listens");
    }
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // Closed is closed; the kernel has the rest.
    }
  }

  /**
   * Ends the stream of what we wrote, so that it arrives whole even if the peer is slow to read.
   */
  static void finishQuietly(Socket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException _) {
      // The peer has gone: nothing can arrive any more.
    }
  }

  /** Returns address and port as numbers: no name is ever looked up for a text. */
  static String text(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet when inet.getAddress() != null ->
          host(inet.getAddress()) + ":" + inet.getPort();
      default -> address.toString();
    };
  }

  private static String host(InetAddress address) {
    String text = address.getHostAddress();
    return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
  }
}
