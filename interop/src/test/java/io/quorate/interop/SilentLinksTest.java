package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.ports.Ports;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Address;
import io.quorate.zookeeper.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The network has forgotten the idle link between our server and a real one when their leader, 3,
 * goes. The real one does not find out by itself: ours dials it anew, or asks it to.
 */
@Execution(CONCURRENT)
final class SilentLinksTest {

  private static final long LEADER = 3;

  @ParameterizedTest(name = "ours is {0}")
  @ValueSource(longs = {1, 2})
  void theRestAgreesThoughTheirLinkIsForgotten(long ours) throws Exception {
    Layout layout = Layout.ofVoters(3);
    List<Tap> taps = new ArrayList<>();
    try (var mixed = new Mixed(layout)) {
      Layout asOursSeesIt = layout;
      Layout asRealSeesIt = layout.with(tapped(layout.member(ours), taps));
      for (long id : layout.ids()) {
        if (id != ours) {
          asOursSeesIt = asOursSeesIt.with(tapped(layout.member(id), taps));
        }
      }
      for (long id : layout.ids().reversed()) { // The largest first, or it may not lead.
        if (id != ours) {
          mixed.add(RealPeer.start(asRealSeesIt, id));
        }
      }
      OurServer server =
          mixed.add(
              OurServer.start(
                  OurServer.config(asOursSeesIt, ours)
                      .advertise(asRealSeesIt.member(ours).electionAddresses())
                      .build()));
      assertEquals(LEADER, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
      assertEquals(0, server.counters().get("linkSilent"));

      taps.forEach(Tap::forget);
      mixed.stop(LEADER);
      server.lookAgain();
      mixed.lookAgainReal();
      assertEquals(2, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
      assertTrue(server.counters().get("linkSilent") > 0, "the link was not forgotten");
    } finally {
      for (Tap tap : taps) {
        tap.close();
      }
    }
  }

  private static Member tapped(Member member, List<Tap> taps) throws IOException {
    Address address = member.addresses().getFirst();
    int port = Ports.reserve();
    taps.add(new Tap(port, address.electionPort()));
    return new Member(
        member.id(),
        List.of(new Address(address.host(), address.quorumPort(), port)),
        member.role(),
        member.client(),
        member.secureClient());
  }
}
