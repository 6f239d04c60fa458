package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.transport.TransportEvent.Warning;
import io.quorate.transport.TransportEvent.WarningCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WarningsTest {

  private final AtomicLong now = new AtomicLong();
  private final List<Warning> told = new ArrayList<>();
  private final Warnings warnings = new Warnings(now::get, told::add);

  @Test
  void equalOnesAreToldOnceAWhile() {
    for (int i = 0; i < 100; i++) {
      warnings.warn(WarningCode.UNKNOWN_ID, "9 calls");
    }
    assertEquals(List.of(new Warning(WarningCode.UNKNOWN_ID, "9 calls")), told);
    now.addAndGet(Warnings.WINDOW_NANOS);
    warnings.warn(WarningCode.UNKNOWN_ID, "9 calls");
    assertEquals(2, told.size());
  }

  @Test
  void aFloodOfDifferentOnesIsBoundedAndHidesNoOtherKind() {
    for (int i = 0; i < 10_000; i++) {
      warnings.warn(WarningCode.BAD_INITIAL_MESSAGE, "from " + i);
    }
    assertEquals(Warnings.MOST_PER_WINDOW, told.size());
    warnings.warn(WarningCode.DUPLICATE_ID, "another server 1");
    assertEquals(Warnings.MOST_PER_WINDOW + 1, told.size());
  }
}
