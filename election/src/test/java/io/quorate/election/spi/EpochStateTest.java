package io.quorate.election.spi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EpochStateTest {
  private static final ServerId TO = ServerId.of(3);

  @Test
  void emptyStatePromisesNothingToNobody() {
    assertEquals(0, EpochState.EMPTY.promisedEpoch());
    assertEquals(ServerId.NONE, EpochState.EMPTY.promisedTo());
    assertEquals(Duration.ZERO, EpochState.EMPTY.grant());
    assertTrue(EpochState.EMPTY.clean());
  }

  @Test
  void extremesAreAllowed() {
    var longest = Duration.ofNanos(Long.MAX_VALUE);
    assertDoesNotThrow(
        () -> new EpochState(Long.MAX_VALUE, TO, Long.MIN_VALUE, Long.MAX_VALUE, longest, false));
    assertDoesNotThrow(() -> state(1, ServerId.of(0), 0));
    assertDoesNotThrow(() -> state(1, TO, 1));
  }

  @Test
  void epochsAreNotNegativeAndNoneIsLedThatWasNotPromised() {
    refused("epochs are at least 0", -1, ServerId.NONE, 0);
    refused("epochs are at least 0", 1, TO, -1);
    refused("the current epoch 3 exceeds the promised one 2", 2, TO, 3);
  }

  @Test
  void exactlyAPromiseIsMadeToAMember() {
    refused("epoch 0 cannot be promised to 3", 0, TO, 0);
    refused("epoch 1 cannot be promised to " + ServerId.NONE, 1, ServerId.NONE, 0);
    refused("epoch 1 cannot be promised to " + ServerId.OBSERVER, 1, ServerId.OBSERVER, 0);
    refused("epoch 1 cannot be promised to -1", 1, ServerId.of(-1), 0);
  }

  @Test
  void grantFitsInNanoseconds() {
    var longer = Duration.ofNanos(Long.MAX_VALUE).plusNanos(1);
    assertThrows(IllegalArgumentException.class, () -> new EpochState(1, TO, 0, 0, longer, true));
    var negative = Duration.ofNanos(-1);
    assertThrows(IllegalArgumentException.class, () -> new EpochState(1, TO, 0, 0, negative, true));
  }

  private static void refused(String message, long promised, ServerId to, long current) {
    var refused = assertThrows(IllegalArgumentException.class, () -> state(promised, to, current));
    assertEquals(message, refused.getMessage());
  }

  private static EpochState state(long promised, ServerId to, long current) {
    return new EpochState(promised, to, 0, current, Duration.ZERO, true);
  }
}
