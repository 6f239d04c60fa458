package io.quorate.election.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStoreProvider.Place;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MemoryEpochStoreTest {
  private static final Place PLACE = new Place(ServerId.of(1), "e", Optional.empty());
  private static final EpochState STATE =
      new EpochState(4, ServerId.of(2), 9, 3, Duration.ofSeconds(1), false);

  private final MemoryEpochStoreProvider provider = new MemoryEpochStoreProvider();

  @Test
  void rememberedWhileItIsOpenAndNoLonger() throws IOException {
    try (var store = provider.open(PLACE)) {
      assertEquals(Optional.empty(), store.load());
      store.save(STATE);
      assertEquals(Optional.of(STATE), store.load());
    }
    try (var store = provider.open(PLACE)) {
      assertEquals(Optional.empty(), store.load());
    }
  }

  @Test
  void saysThatTokensAreNotDurable() {
    try (var store = provider.open(PLACE)) {
      assertFalse(store.isDurable());
      assertTrue(store.describe().contains("not durable"));
    }
  }

  @Test
  void isOfNoUseOnceClosed() {
    var store = provider.open(PLACE);
    store.close();
    store.close();
    assertThrows(IOException.class, store::load);
    assertThrows(IOException.class, () -> store.save(STATE));
  }
}
