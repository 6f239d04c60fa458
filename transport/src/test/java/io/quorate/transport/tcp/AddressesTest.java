package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.protocol.HostPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressesTest {

  private static final List<HostPort> CONFIGURED =
      List.of(new HostPort("node-1.example", 3888), new HostPort("::1", 3888));

  @Test
  void theSameAddressInAnotherFormIsKnown() {
    assertEquals(Optional.empty(), firstUnknown("NODE-1.example", 3888));
    assertEquals(Optional.empty(), firstUnknown("0:0:0:0:0:0:0:1", 3888));
    assertEquals(Optional.empty(), Addresses.firstUnknown(List.of(), CONFIGURED));
  }

  @Test
  void anotherHostOrPortIsNot() {
    assertEquals(
        Optional.of(new HostPort("node-1.example", 3889)), firstUnknown("node-1.example", 3889));
    assertEquals(Optional.of(new HostPort("127.0.0.1", 3888)), firstUnknown("127.0.0.1", 3888));
  }

  private static Optional<HostPort> firstUnknown(String host, int port) {
    return Addresses.firstUnknown(List.of(new HostPort(host, port)), CONFIGURED);
  }
}
