package io.quorate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.ServerId;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class NetworkTest {

  private static final ServerId ONE = ServerId.of(1);
  private static final ServerId TWO = ServerId.of(2);
  private static final byte[] HELLO =
      InitialMessageCodec.encode(new InitialMessage.V1(TWO, List.of(new HostPort("h", 1))));

  @Test
  void bytesOfOneThatIsCutOffComeLateAndItsConnectionsBreakWithIt() throws Exception {
    try (var listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        var network = new Network()) {
      var listens =
          new HostPort(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
      HostPort dialled = network.relay(ONE, listens);
      try (var two = new Socket(dialled.host(), dialled.port())) {
        two.getOutputStream().write(HELLO);
        try (Socket one = listener.accept()) {
          assertArrayEquals(HELLO, one.getInputStream().readNBytes(HELLO.length));
          one.getOutputStream().write(5);
          assertEquals(5, two.getInputStream().read());

          network.cutOff(ONE);
          two.getOutputStream().write(6);
          one.setSoTimeout(100);
          assertThrows(SocketTimeoutException.class, () -> one.getInputStream().read());

          network.connect(ONE);
          one.setSoTimeout(0);
          assertEquals(6, one.getInputStream().read());

          network.breakConnections(TWO);
          assertEquals(-1, one.getInputStream().read());
          assertEquals(-1, two.getInputStream().read());
        }
      }
    }
  }
}
