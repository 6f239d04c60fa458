package io.quorate.election.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.election.spi.EpochStoreProvider.Place;
import io.quorate.protocol.Hello;
import io.quorate.protocol.ServerId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EpochStoreProviderTest {

  @ParameterizedTest
  @ValueSource(strings = {"files", "memory"})
  void builtInStoresAreFoundByName(String name) {
    assertEquals(name, EpochStoreProvider.named(name).name());
  }

  @Test
  void unknownNameIsAnsweredWithTheKnownOnes() {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> EpochStoreProvider.named("tape"));
    assertEquals("no epoch store is named tape; there are [files, memory]", refused.getMessage());
  }

  @Test
  void nameOfTheEnsembleFitsIntoAFileAndALog() {
    assertEquals("ä".repeat(127), place("ä".repeat(127)).ensembleName());
    assertThrows(IllegalArgumentException.class, () -> place("a".repeat(Hello.MAX_NAME_BYTES + 1)));
    assertThrows(IllegalArgumentException.class, () -> place("ä".repeat(128)));
    assertThrows(IllegalArgumentException.class, () -> place("\ud800"));
    assertThrows(IllegalArgumentException.class, () -> place("a\nb"));
  }

  private static Place place(String name) {
    return new Place(ServerId.of(1), name, Optional.empty());
  }
}
