package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerState;
import io.quorate.zookeeper.Layout;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of ours that may not lead, beside real ones. */
@Execution(CONCURRENT)
final class NotEligibleTest {

  /** Fast election, told at each look whether its server may lead. */
  private record Told(AtomicBoolean mayLead) implements ElectionProvider {
    @Override
    public String name() {
      return "told";
    }

    @Override
    public ElectionAlgorithm create(ElectionContext context) {
      ElectionAlgorithm fast = ElectionProvider.named("fast").create(context);
      return event -> {
        if (event instanceof Event.Look) {
          // What it asks for now is to look, if anything.
          var _ = fast.on(new Event.Eligible(mayLead.get()));
        }
        return fast.on(event);
      };
    }
  }

  private static OurServer startOurs(Mixed mixed, Layout layout, AtomicBoolean mayLead) {
    var config = OurServer.config(layout, 3).algorithm(new Told(mayLead)).build();
    return mixed.add(OurServer.start(config));
  }

  @ParameterizedTest(name = "started as number {0}")
  @ValueSource(ints = {0, 1, 2})
  void aRealOneIsElectedAndFollowed(int place) throws Exception {
    Layout layout = Layout.ofVoters(3);
    try (var mixed = new Mixed(layout)) {
      for (int i = 0; i < 3; i++) {
        if (i == place) {
          startOurs(mixed, layout, new AtomicBoolean());
        } else {
          mixed.startReal(mixed.running().stream().anyMatch(other -> other.id() == 1) ? 2 : 1);
        }
      }
      assertNotEquals(3, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  @Test
  void aLeaderOfOursThatMayNotLeadAnyMoreIsReplacedByARealOne() throws Exception {
    Layout layout = Layout.ofVoters(3);
    try (var mixed = new Mixed(layout)) {
      var mayLead = new AtomicBoolean(true);
      OurServer ours = startOurs(mixed, layout, mayLead);
      mixed.startReal(1); // With nobody else to wait for, they can only elect ours.
      assertEquals(3, mixed.awaitAgreement());
      mixed.startReal(2);
      assertEquals(3, mixed.awaitAgreement());
      mayLead.set(false);
      ours.lookAgain();
      mixed.await("ours still leads", () -> ours.state() != ServerState.LEADING);
      assertNotEquals(3, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
      assertEquals(List.of(), ours.warnings());
    }
  }
}
