package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.ports.Ports;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Address;
import io.quorate.protocol.Member.Role;
import io.quorate.zookeeper.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members with several addresses introduce themselves with all of them, in both directions. */
@Execution(CONCURRENT)
final class SeveralAddressesTest {
  private static final String OTHER_NAME = "localhost";

  @ParameterizedTest(name = "ours is {0}")
  @ValueSource(longs = {1, 2, 3})
  void introductionsWithSeveralAddressesAreUnderstoodBothWays(long ours) throws Exception {
    Layout layout = Layout.ofVoters(0);
    for (long id = 1; id <= 3; id++) {
      layout = layout.with(id, Role.PARTICIPANT, Layout.HOST, OTHER_NAME);
    }
    // Each side knows the other's addresses only as those of taps before them.
    Layout asOursSeesIt = layout;
    Layout asRealSeesIt = layout;
    List<Tap> toReal = new ArrayList<>();
    List<Tap> toOurs = new ArrayList<>();
    try (var mixed = new Mixed(layout)) {
      for (Member member : layout.members().values()) {
        long id = member.id().value();
        if (id == ours) {
          asRealSeesIt = asRealSeesIt.with(tapped(member, toOurs));
        } else {
          asOursSeesIt = asOursSeesIt.with(tapped(member, toReal));
        }
      }
      OurServer server =
          mixed.add(
              OurServer.start(
                  OurServer.config(asOursSeesIt, ours)
                      .advertise(asRealSeesIt.member(ours).electionAddresses())
                      .build()));
      for (long id : layout.ids()) {
        if (id != ours) {
          mixed.add(RealPeer.start(asRealSeesIt, id));
        }
      }
      mixed.awaitAgreement();
      mixed.assertStaysAgreed(Mixed.QUIET);

      // The larger of two must have dialled; the smaller may have had nothing left to ask for.
      boolean oursCame = introduced(toReal, Set.of(ours), asRealSeesIt);
      boolean realCame = introduced(toOurs, otherThan(ours, layout), layout);
      assertTrue(oursCame || ours == 1, "ours never introduced itself");
      assertTrue(realCame || ours == 3, "no real one introduced itself");
      assertEquals(0, server.counters().get("handshakeFailed"), server.counters().toString());
    } finally {
      for (Tap tap : toReal) {
        tap.close();
      }
      for (Tap tap : toOurs) {
        tap.close();
      }
    }
  }

  /** Whoever came through a tap is expected and told all its addresses; tells if one came. */
  private static boolean introduced(List<Tap> taps, Set<Long> expected, Layout layout) {
    var messages = taps.stream().flatMap(tap -> tap.initialMessages().stream()).toList();
    for (InitialMessage message : messages) {
      var several = assertInstanceOf(InitialMessage.V2.class, message);
      long id = several.sid().value();
      assertTrue(expected.contains(id), "server " + id + " came");
      assertEquals(
          Set.copyOf(layout.member(id).electionAddresses()), Set.copyOf(several.addresses()));
    }
    return !messages.isEmpty();
  }

  private static Set<Long> otherThan(long ours, Layout layout) {
    return Set.copyOf(layout.ids().stream().filter(id -> id != ours).toList());
  }

  private static Member tapped(Member member, List<Tap> taps) throws IOException {
    List<Address> addresses = new ArrayList<>();
    for (Address address : member.addresses()) {
      int port = Ports.reserve();
      taps.add(new Tap(port, address.electionPort()));
      addresses.add(new Address(address.host(), address.quorumPort(), port));
    }
    return new Member(
        member.id(), addresses, member.role(), member.client(), member.secureClient());
  }
}
