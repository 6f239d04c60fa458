package io.quorate.examples;

import io.quorate.election.LeaderElectionConfig;
import io.quorate.protocol.EnsembleConfig;
import java.util.HashMap;
import java.util.Map;

/** Ensembles as their options write them. */
public final class Ensembles {

  private Ensembles() {}

  /** Returns the voters {@code 1=host:port,2=host:port}. */
  public static EnsembleConfig of(String members) {
    return of(members, "");
  }

  /** Returns voters and observers. */
  public static EnsembleConfig of(String members, String observers) {
    var options = new HashMap<>(Map.of("id", "observer", "members", members));
    if (!observers.isEmpty()) {
      options.put("observers", observers);
    }
    return LeaderElectionConfig.fromOptions(options).build().ensemble();
  }
}
