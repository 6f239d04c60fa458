package io.quorate.benchmarks.ensemble;

import io.quorate.ports.Loopback;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Address;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import io.quorate.zookeeper.Layout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the voters 1 to n listen: ports that stay free between rounds. Immutable.
 *
 * @param layout the voters, in our words and in ZooKeeper's
 */
record Places(Layout layout) {

  static Places of(int voters) throws IOException {
    List<Integer> ports = Loopback.lastingPorts(2 * voters);
    var members = new TreeMap<Long, Member>();
    for (int i = 0; i < voters; i++) {
      long id = i + 1L;
      var address = new Address(Loopback.HOST, ports.get(2 * i), ports.get(2 * i + 1));
      members.put(
          id,
          new Member(
              ServerId.of(id),
              List.of(address),
              Role.PARTICIPANT,
              Optional.empty(),
              Optional.empty()));
    }
    return new Places(new Layout(members));
  }

  int voters() {
    return layout.members().size();
  }

  EnsembleConfig ours() {
    return layout.ours();
  }

  List<Member> members() {
    return List.copyOf(layout.members().values());
  }
}
