package io.quorate.benchmarks.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.quorate.protocol.FrameCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Netty over NIO at its best: one event loop a side, and everything is done in it, without a queue
 * and an application's thread between. Frames are decoded by its own decoder.
 */
final class NettyPair implements Pair {
  private static final long PATIENCE_SECONDS = 60;

  private final EventLoopGroup dialling = group();
  private final EventLoopGroup accepting = group();
  private final Handler left = new Handler();
  private final Handler right = new Handler();
  private final Channel dialled;

  NettyPair() throws InterruptedException {
    Channel listener =
        new ServerBootstrap()
            .group(accepting)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(pipeline(right))
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    dialled =
        new Bootstrap()
            .group(dialling)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(pipeline(left))
            .connect(listener.localAddress())
            .sync()
            .channel();
    listener.close().sync();
  }

  private static EventLoopGroup group() {
    return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  private static ChannelInitializer<SocketChannel> pipeline(Handler handler) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel
            .pipeline()
            .addLast(
                new LengthFieldBasedFrameDecoder(
                    FrameCodec.MAX_PAYLOAD_BYTES, 0, FrameCodec.HEADER_BYTES),
                handler);
      }
    };
  }

  @Override
  public long[] roundTrips(int count, int bytes) throws Exception {
    var caller = new Caller(count, bytes);
    right.role =
        (context, frame) -> {
          var _ = context.writeAndFlush(frame.retain(), context.voidPromise());
        };
    left.role = caller;
    dialled.eventLoop().execute(() -> caller.call(dialled));
    return caller.done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public long stream(int count, int bytes) throws Exception {
    var sink = new Sink(count, bytes);
    var source = new Source(count, bytes);
    right.role = sink;
    left.role = source;
    long start = System.nanoTime();
    dialled.eventLoop().execute(() -> source.pump(dialled));
    return sink.done.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - start;
  }

  private static ByteBuf frame(Channel channel, int number, int bytes) {
    return channel
        .alloc()
        .directBuffer(FrameCodec.HEADER_BYTES + bytes)
        .writeInt(bytes)
        .writeBytes(Pair.message(number, bytes));
  }

  /** What a side does at present; used in its event loop. */
  private interface Role {
    void read(ChannelHandlerContext context, ByteBuf frame);

    default void writable(Channel channel) {}

    default void failed(Throwable cause) {
      throw new IllegalStateException(cause);
    }
  }

  private static final class Handler extends SimpleChannelInboundHandler<ByteBuf> {
    private volatile Role role =
        (_, _) -> {
          throw new IllegalStateException("a frame before the first round");
        };

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
      role.read(context, frame);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        role.writable(context.channel());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      role.failed(cause);
      var _ = context.close();
    }
  }

  private static final class Caller implements Role {
    private final CompletableFuture<long[]> done = new CompletableFuture<>();
    private final long[] nanos;
    private final int bytes;
    private int next;
    private long start;

    Caller(int count, int bytes) {
      this.nanos = new long[count];
      this.bytes = bytes;
    }

    void call(Channel channel) {
      ByteBuf frame = frame(channel, next, bytes);
      start = System.nanoTime();
      var _ = channel.writeAndFlush(frame, channel.voidPromise());
    }

    @Override
    public void read(ChannelHandlerContext context, ByteBuf frame) {
      frame.readInt();
      byte[] message = new byte[frame.readableBytes()];
      frame.readBytes(message);
      nanos[next] = System.nanoTime() - start;
      Pair.check(message, next, bytes);
      next++;
      if (next < nanos.length) {
        call(context.channel());
      } else {
        done.complete(nanos);
      }
    }

    @Override
    public void failed(Throwable cause) {
      done.completeExceptionally(cause);
    }
  }

  /** Writes while there is room, and flushes what it has written at once. */
  private static final class Source implements Role {
    private final int count;
    private final int bytes;
    private int next;

    Source(int count, int bytes) {
      this.count = count;
      this.bytes = bytes;
    }

    void pump(Channel channel) {
      while (next < count && channel.isWritable()) {
        var _ = channel.write(frame(channel, next, bytes), channel.voidPromise());
        next++;
      }
      channel.flush();
      if (next < count && channel.isWritable()) {
        channel.eventLoop().execute(() -> pump(channel));
      }
    }

    @Override
    public void writable(Channel channel) {
      // Not from within the flush that has made room: it would nest.
      channel.eventLoop().execute(() -> pump(channel));
    }

    @Override
    public void read(ChannelHandlerContext context, ByteBuf frame) {
      throw new IllegalStateException("an answer");
    }
  }

  private static final class Sink implements Role {
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private final int count;
    private final int bytes;
    private int next;

    Sink(int count, int bytes) {
      this.count = count;
      this.bytes = bytes;
    }

    @Override
    public void read(ChannelHandlerContext context, ByteBuf frame) {
      frame.readInt();
      byte[] message = new byte[frame.readableBytes()];
      frame.readBytes(message);
      Pair.check(message, next, bytes);
      next++;
      if (next == count) {
        done.complete(System.nanoTime());
      }
    }

    @Override
    public void failed(Throwable cause) {
      done.completeExceptionally(cause);
    }
  }

  @Override
  public void close() {
    dialled.close().awaitUninterruptibly();
    dialling.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
