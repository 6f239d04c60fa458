package io.quorate.examples.singleton;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.FencingToken;
import io.quorate.election.StaleTokenException;
import io.quorate.examples.singleton.Store.Line;
import io.quorate.protocol.ServerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {

  @TempDir Path directory;

  private static FencingToken token(long epoch) {
    return new FencingToken(epoch, ServerId.of(1));
  }

  @Test
  void aWriteOfAnEarlierTermIsRefused() throws Exception {
    var store = new Store(directory);
    assertEquals(1, store.nextNumber());
    store.write(token(1), 1);
    assertEquals(2, store.nextNumber());
    new Store(directory).write(token(3), 2);
    assertThrows(StaleTokenException.class, () -> store.write(token(1), 2));
    assertEquals(List.of(new Line(1, 1), new Line(2, 3)), store.lines());
  }

  @Test
  void disorderIsFound() {
    assertEquals(Optional.empty(), Store.disorder(List.of()));
    assertEquals(Optional.empty(), Store.disorder(List.of(new Line(1, 2), new Line(2, 5))));
    assertTrue(Store.disorder(List.of(new Line(1, 2), new Line(1, 2))).isPresent());
    assertTrue(Store.disorder(List.of(new Line(1, 2), new Line(2, 1))).isPresent());
  }

  @Test
  void aReportIsALine() {
    var report = new Report(Report.Kind.REFUSED, 3, "epoch 3 is stale");
    assertEquals(Optional.of(report), Report.parse(report.toString()));
    var empty = new Report(Report.Kind.LEADS, 3, "");
    assertEquals(Optional.of(empty), Report.parse(empty.toString()));
    for (String other : List.of("", "LEADS", "LEADS x y", "SLEEPS 1 2")) {
      assertEquals(Optional.empty(), Report.parse(other), other);
    }
  }
}
