package io.quorate.benchmarks.micro;

import io.quorate.protocol.ServerId;
import io.quorate.transport.SendResult;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import io.quorate.transport.queue.SendQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.util.CircularBlockingQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A message into a queue and out of it, by one thread: what each costs without any waiting. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueBenchmark {
  private static final int CAPACITY = 1024;
  private static final long BATCH_BYTES = 16 * 1024;
  private static final int KIND = 1;
  private static final int BYTES = 100;

  private final byte[] message = new byte[BYTES];
  private final List<byte[]> one = List.of(message);
  private final List<byte[]> batch = new ArrayList<>();
  private final SendQueue sendQueue = new SendQueue(CAPACITY);
  private final ReceiveQueue receiveQueue = new ReceiveQueue(CAPACITY, new Counters());
  private final ReceiveQueue.Inlet inlet = receiveQueue.open(ServerId.of(2), "nowhere");
  private final ArrayBlockingQueue<byte[]> plain = new ArrayBlockingQueue<>(CAPACITY);
  private final CircularBlockingQueue<byte[]> circular = new CircularBlockingQueue<>(1);
  private final List<ReceiveQueue.Inlet> many =
      List.of(
          receiveQueue.open(ServerId.of(3), "nowhere"),
          receiveQueue.open(ServerId.of(4), "nowhere"),
          receiveQueue.open(ServerId.of(5), "nowhere"),
          receiveQueue.open(ServerId.of(6), "nowhere"));

  @Setup
  public void forgetLinks() throws InterruptedException {
    TransportEvent event;
    do {
      event = receiveQueue.take(Duration.ZERO);
    } while (!(event instanceof TransportEvent.Nothing));
  }

  @Benchmark
  public List<byte[]> sendInOrderOurs() throws InterruptedException {
    check(sendQueue.offerInOrder(message));
    return drained();
  }

  @Benchmark
  public List<byte[]> sendLatestOurs() throws InterruptedException {
    check(sendQueue.offerLatest(KIND, message));
    return drained();
  }

  private List<byte[]> drained() throws InterruptedException {
    batch.clear();
    if (!sendQueue.drainTo(batch, BATCH_BYTES)) {
      throw new IllegalStateException("closed");
    }
    return batch;
  }

  private static void check(SendResult result) {
    if (result != SendResult.QUEUED) {
      throw new IllegalStateException(result.name());
    }
  }

  @Benchmark
  public TransportEvent receiveOurs() throws InterruptedException {
    if (!inlet.putAll(one)) {
      throw new IllegalStateException("the link is down");
    }
    return receiveQueue.take(Duration.ZERO);
  }

  /** A message of each of four peers, and all of them taken. */
  @Benchmark
  public TransportEvent receiveOfFourOurs() throws InterruptedException {
    for (ReceiveQueue.Inlet each : many) {
      if (!each.putAll(one)) {
        throw new IllegalStateException("the link is down");
      }
    }
    TransportEvent event = receiveQueue.take(Duration.ZERO);
    for (int i = 1; i < many.size(); i++) {
      event = receiveQueue.take(Duration.ZERO);
    }
    return event;
  }

  @Benchmark
  public Optional<byte[]> throughPlain() throws InterruptedException {
    plain.put(message);
    return Optional.of(plain.take());
  }

  @Benchmark
  public Optional<byte[]> throughZooKeepers() throws InterruptedException {
    if (!circular.offer(message)) {
      throw new IllegalStateException("refused");
    }
    return Optional.of(circular.take());
  }
}
