package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TransportLimitsTest {

  @Test
  void aBuilderStartsFromTheDefaultsAndChangesWhatItIsTold() {
    assertEquals(TransportLimits.defaults(), TransportLimits.builder().build());
    var limits = TransportLimits.builder().sendQueue(3).writeTimeout(Duration.ofMillis(70)).build();
    assertEquals(3, limits.sendQueue());
    assertEquals(Duration.ofMillis(70), limits.writeTimeout());
    assertEquals(TransportLimits.defaults().receiveQueue(), limits.receiveQueue());
  }

  @Test
  void boundsThatMakeNoSenseAreRejected() {
    List<UnaryOperator<TransportLimits.Builder>> mistakes =
        List.of(
            limits -> limits.handshakeTimeout(Duration.ZERO),
            limits -> limits.connectTimeout(Duration.ofSeconds(-1)),
            limits -> limits.writeTimeout(TransportLimits.MAX_DURATION.plusNanos(1)),
            limits -> limits.keepAliveIdle(Duration.ofMillis(999)),
            limits -> limits.keepAliveInterval(Duration.ofMillis(999)),
            limits -> limits.keepAliveCount(0),
            limits -> limits.handshakes(0),
            limits -> limits.handshakesPerAddress(0),
            limits -> limits.observers(-1),
            limits -> limits.sendQueue(0),
            limits -> limits.receiveQueue(0),
            limits -> limits.closeTimeout(Duration.ZERO),
            limits -> limits.dialBackoffMin(Duration.ofSeconds(3)));
    for (var mistake : mistakes) {
      var builder = mistake.apply(TransportLimits.builder());
      assertThrows(IllegalArgumentException.class, builder::build);
    }
  }
}
