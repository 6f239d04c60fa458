package io.quorate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.FencingToken;
import io.quorate.election.Leadership;
import io.quorate.election.Revocation;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class TermWatchTest {

  /** A term that is as it is said to be. */
  private record Fixed(FencingToken token, boolean isValid) implements Leadership {
    @Override
    public Duration remaining() {
      return Duration.ZERO;
    }

    @Override
    public boolean confirm(Duration timeout) {
      return isValid;
    }

    @Override
    public CompletionStage<Revocation> revoked() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }

  private static Leadership term(long epoch, boolean valid) {
    return new Fixed(new FencingToken(epoch, ServerId.of(epoch)), valid);
  }

  @Test
  void oneAfterTheOtherIsInOrder() {
    assertEquals(Optional.empty(), TermWatch.judge(List.of(), 7));
    assertEquals(Optional.empty(), TermWatch.judge(List.of(term(7, true)), 7));
    assertEquals(Optional.empty(), TermWatch.judge(List.of(term(8, true)), 7));
  }

  @Test
  void oneThatEndedWhileTheNextWasAskedIsInOrder() {
    assertEquals(Optional.empty(), TermWatch.judge(List.of(term(7, false), term(8, true)), 7));
  }

  @Test
  void twoAtOnceAreFound() {
    var broken = TermWatch.judge(List.of(term(7, true), term(8, true)), 7);
    assertTrue(broken.orElseThrow().endsWith("were valid at once"), broken.toString());
  }

  @Test
  void aSmallerEpochIsFound() {
    var broken = TermWatch.judge(List.of(term(6, true)), 7);
    assertTrue(broken.orElseThrow().endsWith("after epoch 7 had begun"), broken.toString());
  }
}
