package io.quorate.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.ports.Loopback;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class NodeServerTest {

  @TempDir Path directory;

  private NodeSettings alone(Map<String, String> more) throws IOException {
    var values = new HashMap<String, String>();
    values.put("id", "1");
    values.put("members", Loopback.members(Loopback.freePorts(1)));
    values.put("data", directory.toString());
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

  private static List<ElectionEvent> events(List<News> told) {
    return told.stream()
        .flatMap(news -> news.what() instanceof News.Told(var event) ? Stream.of(event) : null)
        .toList();
  }

  @Test
  void aServerTellsAllUntilItIsEnded() throws Exception {
    var told = new CopyOnWriteArrayList<News>();
    var valid = new CountDownLatch(3);
    var settings = alone(Map.of("report-validity", "1ms"));
    var server =
        new NodeServer(
            settings,
            (_, news) -> {
              told.add(news);
              if (news.what() instanceof News.Valid) {
                valid.countDown();
              }
              return true;
            });
    var end = running(server);
    assertTrue(valid.await(30, TimeUnit.SECONDS));
    server.end();
    server.end();
    assertEquals(Optional.empty(), end.get(30, TimeUnit.SECONDS));
    var events = events(told);
    assertEquals(new ElectionEvent.Closed(), events.getLast());
    assertEquals(1, events.stream().filter(ElectionEvent.Closed.class::isInstance).count());
    var token = new FencingToken(1, ServerId.of(1));
    assertTrue(events.contains(new ElectionEvent.Granted(token)), events.toString());
    assertTrue(
        events.contains(new ElectionEvent.Revoked(token, new Revocation.Closed())),
        events.toString());
  }

  @Test
  void aDirectoryThatAnotherServerUsesIsAFailure() throws Exception {
    var settings = alone(Map.of());
    var granted = new CountDownLatch(1);
    var first =
        new NodeServer(
            settings,
            (_, news) -> {
              if (news.what() instanceof News.Told(ElectionEvent.Granted _)) {
                granted.countDown();
              }
              return true;
            });
    var end = running(first);
    assertTrue(granted.await(30, TimeUnit.SECONDS));
    var told = new CopyOnWriteArrayList<News>();
    var failure = new NodeServer(settings, (_, news) -> told.add(news)).run();
    assertTrue(failure.orElseThrow().contains("epoch.lock"), failure.toString());
    assertEquals(List.of(), told);
    first.end();
    assertEquals(Optional.empty(), end.get(30, TimeUnit.SECONDS));
  }

  @Test
  void aServerWhoseReaderHasGoneEnds() throws Exception {
    var settings = alone(Map.of("algorithm", "bully"));
    var server = new NodeServer(settings, (_, _) -> false);
    assertEquals(Optional.empty(), running(server).get(30, TimeUnit.SECONDS));
  }

  @Test
  void endingBeforeTheStartIsNoMistake() throws Exception {
    var told = new CopyOnWriteArrayList<News>();
    var settings = alone(Map.of());
    var server = new NodeServer(settings, (_, news) -> told.add(news));
    server.end();
    assertEquals(Optional.empty(), server.run());
    assertEquals(new ElectionEvent.Closed(), events(told).getLast());
  }
}
