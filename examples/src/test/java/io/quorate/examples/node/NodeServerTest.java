package io.quorate.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent;
import io.quorate.examples.Loopback;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class NodeServerTest {

  private static NodeSettings alone(Map<String, String> more) throws IOException {
    var values = new HashMap<String, String>();
    values.put("id", "1");
    values.put("members", Loopback.members(Loopback.freePorts(1)));
    values.putAll(more);
    return NodeSettings.of(values);
  }

  private static CompletableFuture<Optional<String>> running(NodeServer server) {
    var end = new CompletableFuture<Optional<String>>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                end.complete(server.run());
              } catch (Throwable e) {
                end.completeExceptionally(e);
              }
            });
    return end;
  }

  @Test
  void aServerTellsAllUntilItIsEnded() throws Exception {
    var told = new CopyOnWriteArrayList<ElectionEvent>();
    var leads = new CountDownLatch(1);
    var settings = alone(Map.of());
    var server =
        new NodeServer(
            settings,
            settings.toConfig(),
            (_, _, event) -> {
              told.add(event);
              if (event instanceof ElectionEvent.Leading) {
                leads.countDown();
              }
              return true;
            });
    var end = running(server);
    assertTrue(leads.await(30, TimeUnit.SECONDS));
    server.end();
    server.end();
    assertEquals(Optional.empty(), end.get(30, TimeUnit.SECONDS));
    var first = assertInstanceOf(ElectionEvent.Warning.class, told.getFirst());
    assertEquals("electionOnly", first.code());
    assertEquals(new ElectionEvent.Closed(), told.getLast());
    assertEquals(1, told.stream().filter(ElectionEvent.Closed.class::isInstance).count());
    assertTrue(told.stream().anyMatch(ElectionEvent.Elected.class::isInstance));
  }

  @Test
  void oneThatKnowsOfTheMissingPromiseIsNotWarned() throws Exception {
    var told = new CopyOnWriteArrayList<ElectionEvent>();
    var settings = alone(Map.of("election-only", "true"));
    var server = new NodeServer(settings, settings.toConfig(), (_, _, event) -> told.add(event));
    server.end();
    assertEquals(Optional.empty(), running(server).get(30, TimeUnit.SECONDS));
    assertFalse(told.stream().anyMatch(ElectionEvent.Warning.class::isInstance), told.toString());
  }

  @Test
  void aServerWhoseReaderHasGoneEnds() throws Exception {
    var settings = alone(Map.of("algorithm", "bully"));
    var server = new NodeServer(settings, settings.toConfig(), (_, _, _) -> false);
    assertEquals(Optional.empty(), running(server).get(30, TimeUnit.SECONDS));
  }

  @Test
  void endingBeforeTheStartIsNoMistake() throws Exception {
    var told = new CopyOnWriteArrayList<ElectionEvent>();
    var settings = alone(Map.of());
    var server = new NodeServer(settings, settings.toConfig(), (_, _, event) -> told.add(event));
    server.end();
    assertEquals(Optional.empty(), server.run());
    assertEquals(List.of(new ElectionEvent.Closed()), List.of(told.getLast()));
  }
}
