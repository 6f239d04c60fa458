package io.quorate.transport.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.FrameCodec;
import io.quorate.transport.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SendQueueTest {

  private static final int NO_LIMIT = 1 << 20;

  private final SendQueue queue = new SendQueue(3);

  @Test
  void aStateTakesThePlaceOfTheOlderOneOfItsKind() throws Exception {
    assertEquals(SendResult.QUEUED, latest(1, "old vote"));
    assertEquals(SendResult.QUEUED, inOrder("a"));
    assertEquals(SendResult.REPLACED, latest(1, "new vote"));
    assertEquals(SendResult.QUEUED, latest(2, "hello"));
    assertEquals(List.of("new vote", "a", "hello"), drain(NO_LIMIT));
  }

  @Test
  void aStateThatWasSentIsNotReplaced() throws Exception {
    assertEquals(SendResult.QUEUED, latest(1, "one"));
    assertEquals(List.of("one"), drain(NO_LIMIT));
    assertEquals(SendResult.QUEUED, latest(1, "two"));
    assertEquals(List.of("two"), drain(NO_LIMIT));
  }

  @Test
  void messagesInOrderKeepItAndTheNewestIsRefusedWhenFull() throws Exception {
    assertEquals(SendResult.QUEUED, inOrder("a"));
    assertEquals(SendResult.QUEUED, inOrder("b"));
    assertEquals(SendResult.QUEUED, inOrder("c"));
    assertEquals(SendResult.QUEUE_FULL, inOrder("d"));
    assertEquals(SendResult.QUEUED, latest(1, "state"), "a full stream does not refuse a state");
    assertEquals(List.of("a", "b", "c", "state"), drain(NO_LIMIT));
    assertEquals(SendResult.QUEUED, inOrder("e"));
  }

  @Test
  void kindsAreBounded() {
    for (int kind = 0; kind < SendQueue.MAX_KINDS; kind++) {
      assertEquals(SendResult.QUEUED, latest(kind, "x"));
    }
    assertEquals(SendResult.QUEUE_FULL, latest(SendQueue.MAX_KINDS, "x"));
    assertEquals(SendResult.REPLACED, latest(0, "y"));
  }

  @Test
  void bytesAreBounded() {
    var large = new SendQueue(1000);
    byte[] half = new byte[(int) (SendQueue.MAX_BYTES / 2)];
    assertEquals(SendResult.QUEUED, large.offerInOrder(half));
    assertEquals(SendResult.QUEUED, large.offerInOrder(half));
    assertEquals(SendResult.QUEUE_FULL, large.offerInOrder(new byte[1]));
    assertEquals(SendResult.QUEUE_FULL, large.offerLatest(1, new byte[1]));
  }

  @Test
  void aBatchIsBoundedInBytesButTakesALongMessageAlone() throws Exception {
    inOrder("1234");
    inOrder("56");
    inOrder("789");
    int twoOnTheWire = 2 * FrameCodec.HEADER_BYTES + "56789".length();
    assertEquals(List.of("1234"), drain(1));
    assertEquals(List.of("56"), drain(twoOnTheWire - 1));
    inOrder("0");
    assertEquals(List.of("789", "0"), drain(twoOnTheWire));
  }

  @Test
  void theSendWorkerWaitsForAMessage() throws Exception {
    var drained = new CompletableFuture<List<String>>();
    var worker =
        Thread.startVirtualThread(
            () -> {
              try {
                drained.complete(drain(NO_LIMIT));
              } catch (InterruptedException e) {
                drained.completeExceptionally(e);
              }
            });
    inOrder("a");
    assertEquals(List.of("a"), drained.get(20, TimeUnit.SECONDS));
    worker.join();
  }

  @Test
  void aFinishedQueueGivesWhatItHasAndNothingMore() throws Exception {
    inOrder("a");
    queue.finish();
    assertEquals(SendResult.NOT_CONNECTED, inOrder("b"));
    assertEquals(SendResult.NOT_CONNECTED, latest(1, "c"));
    assertEquals(List.of("a"), drain(NO_LIMIT));
    assertTrue(drain(NO_LIMIT).isEmpty());
  }

  @Test
  void aClosedQueueGivesNothing() throws Exception {
    inOrder("a");
    queue.close();
    queue.finish();
    assertEquals(SendResult.NOT_CONNECTED, inOrder("b"));
    assertTrue(drain(NO_LIMIT).isEmpty());
  }

  private SendResult latest(int kind, String text) {
    return queue.offerLatest(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  private SendResult inOrder(String text) {
    return queue.offerInOrder(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> drain(int bytes) throws InterruptedException {
    var batch = new ArrayList<byte[]>();
    assertEquals(queue.drainTo(batch, bytes), !batch.isEmpty());
    return batch.stream().map(message -> new String(message, StandardCharsets.UTF_8)).toList();
  }
}
