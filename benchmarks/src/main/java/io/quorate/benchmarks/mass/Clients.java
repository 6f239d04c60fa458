package io.quorate.benchmarks.mass;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many connections to one server, dialled one after the other; each introduces itself. */
final class Clients implements AutoCloseable {
  /** More than anybody asks for. */
  static final int MOST = 20_000;

  /** Their addresses are never dialled, and all are as long as this one. */
  private static final HostPort ADDRESS = new HostPort("127.0.0.1", 10_000);

  private static final int FIRST_ID = 10;

  static final int INITIAL_BYTES = initial(ServerId.OBSERVER).length;

  private final List<SocketChannel> channels = new ArrayList<>();

  private static byte[] initial(ServerId id) {
    return InitialMessageCodec.encode(new InitialMessage.V1(id, List.of(ADDRESS)));
  }

  /** Dials; to ZooKeeper as servers with larger ids, to others as observers without one. */
  void connect(int port, int count, boolean named) throws IOException {
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(target);
      channels.add(channel);
      ServerId id = named ? ServerId.of(FIRST_ID + channels.size()) : ServerId.OBSERVER;
      channel.write(ByteBuffer.wrap(initial(id)));
    }
  }

  List<SocketChannel> channels() {
    return channels;
  }

  @Override
  public void close() throws IOException {
    hangUp();
  }

  /** Ends the connections that there are; others may follow. */
  void hangUp() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
    channels.clear();
  }
}
