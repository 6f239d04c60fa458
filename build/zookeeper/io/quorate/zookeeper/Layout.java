package io.quorate.zookeeper;

import io.quorate.ports.Ports;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Address;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;

/**
 * Who belongs to an ensemble, on free loopback ports, in our words and in ZooKeeper's. Every member
 * has a quorum port too, although only full ZooKeeper servers serve it.
 */
public record Layout(SortedMap<Long, Member> members) {

  public static final String HOST = "127.0.0.1";

  /** Voters with the ids 1 to n. */
  public static Layout ofVoters(int n) {
    var layout = new Layout(new TreeMap<>());
    for (long id = 1; id <= n; id++) {
      layout = layout.with(id, Role.PARTICIPANT);
    }
    return layout;
  }

  /** The same and one more member, at as many addresses as hosts. */
  public Layout with(long id, Role role, String... hosts) {
    List<Address> addresses = new ArrayList<>();
    for (String host : hosts.length == 0 ? new String[] {HOST} : hosts) {
      addresses.add(new Address(host, Ports.reserve(), Ports.reserve()));
    }
    return with(new Member(ServerId.of(id), addresses, role, Optional.empty(), Optional.empty()));
  }

  /** The same with this member, in place of one with its id if there is one. */
  public Layout with(Member member) {
    var more = new TreeMap<>(members);
    more.put(member.id().value(), member);
    return new Layout(more);
  }

  public List<Long> ids() {
    return List.copyOf(members.keySet());
  }

  public Member member(long id) {
    return members.get(id);
  }

  public EnsembleConfig ours() {
    return EnsembleConfig.majority(members.values());
  }

  /** Made anew for each server: ZooKeeper's are mutable. */
  public Map<Long, QuorumServer> theirs() {
    var servers = new HashMap<Long, QuorumServer>();
    members.forEach(
        (id, member) -> {
          try {
            servers.put(id, new QuorumServer(id, spec(member)));
          } catch (ConfigException e) {
            throw new IllegalStateException(e);
          }
        });
    return servers;
  }

  /** What stands behind {@code server.N=} in a ZooKeeper configuration. */
  public static String spec(Member member) {
    String role = member.role() == Role.OBSERVER ? "observer" : "participant";
    return member.addresses().stream()
        .map(a -> a.host() + ":" + a.quorumPort() + ":" + a.electionPort() + ":" + role)
        .collect(Collectors.joining("|"));
  }
}
