package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SocketsTest {

  private static final String REST =
      " 00000000:00000000 00:00000000 00000000     0        0 1589 1";

  @Test
  void portsAreReadOfBothKindsOfAddress() {
    assertEquals(
        Optional.of(new Sockets.End(0x1F90, 0xAC5E)),
        Sockets.end("   0: 0100007F:1F90 0100007F:AC5E 01" + REST));
    assertEquals(
        Optional.of(new Sockets.End(0x3D25, 0xE3FC)),
        Sockets.end(
            "  12: 0000000000000000FFFF00000100007F:3D25 0000000000000000FFFF00000100007F:E3FC 08"
                + REST));
  }

  @Test
  void whoListensAndWhoIsOnlyRememberedHoldsNothing() {
    assertEquals(Optional.empty(), Sockets.end("   0: 0100007F:1F90 00000000:0000 0A" + REST));
    assertEquals(Optional.empty(), Sockets.end("   0: 0100007F:1F90 0100007F:AC5E 06" + REST));
    assertEquals(Optional.empty(), Sockets.end("  sl  local_address rem_address   st tx_queue"));
  }
}
