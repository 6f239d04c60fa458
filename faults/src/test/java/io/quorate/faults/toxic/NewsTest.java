package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.faults.ensemble.Told;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NewsTest {

  private static final ServerId TWO = ServerId.of(2);
  private static final FencingToken TOKEN = new FencingToken(7, TWO);

  @Test
  void whatIsJudgedIsTold() {
    assertEquals(new Told.Granted(7), News.what(new ElectionEvent.Granted(TOKEN)));
    assertEquals(new Told.Knows(2, 7, true), News.what(new ElectionEvent.Following(TWO, 7, true)));
    assertEquals(new Told.Knows(2, 7, false), News.what(new ElectionEvent.Leading(TWO, 7, false)));
  }

  @Test
  void causesHaveTheNamesThatTheJudgeKnows() {
    assertEquals("handedOff", cause(new Revocation.HandedOff(TWO)));
    assertEquals("closed", cause(new Revocation.Closed()));
    assertEquals("leaseExpired", cause(new Revocation.LeaseExpired()));
    assertEquals("processPaused", cause(new Revocation.ProcessPaused(Duration.ofSeconds(1))));
  }

  private static String cause(Revocation cause) {
    return switch (News.what(new ElectionEvent.Revoked(TOKEN, cause))) {
      case Told.Revoked(long _, String name) -> name;
      case Told.What other -> other.toString();
    };
  }
}
