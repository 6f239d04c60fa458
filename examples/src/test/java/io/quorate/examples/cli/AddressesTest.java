package io.quorate.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressesTest {

  @Test
  void aMemberCanHaveSeveralAddresses() {
    List<Member> members =
        Addresses.parseMembers("0=a:1|[::1]:2, 7 = b:3", Member.Role.PARTICIPANT);
    assertEquals(
        List.of(
            Member.of(
                ServerId.of(0),
                Member.Role.PARTICIPANT,
                List.of(new HostPort("a", 1), new HostPort("::1", 2))),
            Member.of(ServerId.of(7), Member.Role.PARTICIPANT, List.of(new HostPort("b", 3)))),
        members);
  }

  @Test
  void zeroIsAnId() {
    assertEquals(ServerId.of(0), Addresses.parseId("0"));
  }
}
