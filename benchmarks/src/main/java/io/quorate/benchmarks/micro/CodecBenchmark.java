package io.quorate.benchmarks.micro;

import io.quorate.protocol.ConfigText;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.FrameDecoder;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Address;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.NotificationCodec;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.zookeeper.server.quorum.CnxManagers;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Notifications and the text of a configuration to bytes and back: ours, ZooKeeper's, bare. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {

  private static final int PORT = 3888;
  private static final int QUORUM_PORT = 2888;
  private static final long ZXID = 0x100000007L;
  private static final long ROUND = 9;
  private static final long INSTANCE = 0x123456789abcdefL;

  /** Members in the configuration; 0: none is sent. */
  @Param({"0", "5"})
  private int members;

  private Notification notification;
  private byte[] payload;
  private byte[] frame;
  private byte[] text;
  private final byte[] heartbeat =
      MessageCodec.encode(new Heartbeat(1, 2, INSTANCE, Duration.ofMillis(500)));
  private Optional<ConfigText> config;
  private final NotificationCodec codec = new NotificationCodec();
  private final MessageCodec messages = new MessageCodec();
  private final FrameDecoder frames = new FrameDecoder();
  private final List<byte[]> payloads = new ArrayList<>();

  @Setup
  public void prepare() {
    config = members == 0 ? Optional.empty() : Optional.of(ConfigText.of(ensemble(members)));
    notification =
        new Notification(
            ServerState.LOOKING,
            new Vote(ServerId.of(1), ZXID, 1),
            ROUND,
            Notification.CURRENT_VERSION,
            config);
    payload = NotificationCodec.encode(notification);
    frame =
        ByteBuffer.allocate(Integer.BYTES + payload.length)
            .putInt(payload.length)
            .put(payload)
            .array();
    text = config.map(ConfigText::bytes).orElse(new byte[0]);
  }

  private static EnsembleConfig ensemble(int members) {
    return EnsembleConfig.majority(
        LongStream.rangeClosed(1, members)
            .mapToObj(
                id ->
                    new Member(
                        ServerId.of(id),
                        List.of(new Address("server-" + id + ".example", QUORUM_PORT, PORT)),
                        Role.PARTICIPANT,
                        Optional.of(new HostPort("0.0.0.0", PORT - 1)),
                        Optional.empty()))
            .toList());
  }

  @Benchmark
  public byte[] encodeOurs() {
    return MessageCodec.encode(notification);
  }

  @Benchmark
  public ByteBuffer encodeZooKeeper() {
    return CnxManagers.notification(1, ZXID, ROUND, text);
  }

  /** The same fields without a codec: what is returned, and nothing else. */
  @Benchmark
  public byte[] encodeBare() {
    return ByteBuffer.allocate(payload.length)
        .putInt(0)
        .putLong(1)
        .putLong(ZXID)
        .putLong(ROUND)
        .putLong(1)
        .putInt(2)
        .putInt(text.length)
        .put(text)
        .array();
  }

  @Benchmark
  public Decoded<Message> decodeOurs() {
    return messages.decode(payload);
  }

  @Benchmark
  public Decoded<Notification> decodeNotificationOurs() {
    return codec.decode(payload);
  }

  /** The records that decoding returns, and nothing else. */
  @Benchmark
  public Decoded<Notification> decodeBare() {
    ByteBuffer in = ByteBuffer.wrap(payload);
    in.getInt();
    ServerId leader = ServerId.of(in.getLong());
    long zxid = in.getLong();
    long round = in.getLong();
    var vote = new Vote(leader, zxid, in.getLong());
    return new Decoded.Ok<>(
        new Notification(ServerState.LOOKING, vote, round, in.getInt(), config));
  }

  @Benchmark
  public Decoded<Message> decodeHeartbeatOurs() {
    return messages.decode(heartbeat);
  }

  @Benchmark
  public Decoded<Message> decodeHeartbeatBare() {
    ByteBuffer in = ByteBuffer.wrap(heartbeat);
    in.getInt();
    return new Decoded.Ok<>(
        new Heartbeat(in.getLong(), in.getLong(), in.getLong(), Duration.ofNanos(in.getLong())));
  }

  /** As a receive worker does it: the frame's payload is a copy. */
  @Benchmark
  public byte[] frameOurs() {
    payloads.clear();
    frames.feed(ByteBuffer.wrap(frame));
    if (frames.drainTo(payloads).isPresent() || payloads.size() != 1) {
      throw new IllegalStateException("there is one frame");
    }
    return payloads.getFirst();
  }

  @Benchmark
  public Object configOurs() {
    return ConfigText.parse(text);
  }

  /** As its election does it with each notification that has another text than its own. */
  @Benchmark
  public Object configZooKeeper() throws IOException, ConfigException {
    var properties = new Properties();
    properties.load(new StringReader(config.map(ConfigText::toString).orElse("")));
    return members == 0 ? properties : new QuorumMaj(properties);
  }
}
