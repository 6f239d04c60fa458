package io.quorate.election;

import io.quorate.ports.Ports;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Ensembles for tests: ids from 1 up, voters first. */
public final class Ensembles {

  private Ensembles() {}

  /** Servers whose addresses mean something in a memory network only. */
  public static EnsembleConfig inMemory(int voters, int observers) {
    return of(voters, observers, id -> new HostPort("memory", 1000 + id));
  }

  /** Servers at free ports of the loopback. */
  public static EnsembleConfig onLoopback(int voters, int observers) {
    return of(voters, observers, _ -> freePort());
  }

  public static ServerId id(long value) {
    return ServerId.of(value);
  }

  /** The usual bounds, but for how long closing waits. */
  public static TransportLimits limits(Duration closeTimeout) {
    return TransportLimits.builder().closeTimeout(closeTimeout).build();
  }

  private static EnsembleConfig of(int voters, int observers, IntFunction<HostPort> addresses) {
    var members = new ArrayList<Member>();
    for (int id = 1; id <= voters + observers; id++) {
      Role role = id <= voters ? Role.PARTICIPANT : Role.OBSERVER;
      members.add(Member.of(id(id), role, List.of(addresses.apply(id))));
    }
    return EnsembleConfig.majority(members);
  }

  private static HostPort freePort() {
    return new HostPort("127.0.0.1", Ports.reserve());
  }
}
