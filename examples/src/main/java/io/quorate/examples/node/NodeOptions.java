package io.quorate.examples.node;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that a file can give, too, as names and values. They are read by {@link
 * NodeSettings}, so that both are understood alike. Belongs to one thread.
 */
final class NodeOptions {

  private final Map<String, String> given = new HashMap<>();

  /** Returns what was given, by the names of the options. */
  Map<String, String> given() {
    return Map.copyOf(given);
  }

  @Option(
      names = "--id",
      paramLabel = "N",
      description = "Who this server is: an id among the members or observers, or 'observer'.")
  void id(@Nullable String value) {
    put("id", value);
  }

  @Option(
      names = "--members",
      paramLabel = "ID=HOST:PORT,...",
      description =
          "The voters with their election addresses; several of one as ID=HOST:PORT|HOST:PORT.")
  void members(@Nullable String value) {
    put("members", value);
  }

  @Option(
      names = "--observers",
      paramLabel = "ID=HOST:PORT,...",
      description = "Servers that learn the leader and never vote.")
  void observers(@Nullable String value) {
    put("observers", value);
  }

  @Option(
      names = "--bind",
      paramLabel = "HOST:PORT",
      description = "Where to listen, if not at the address that the others dial.")
  void bind(@Nullable String value) {
    put("bind", value);
  }

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "What to tell others to dial, if not the address among the members.")
  void advertise(@Nullable String value) {
    put("advertise", value);
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where a voter keeps what it promised; for this server alone, made if it is not there.")
  void data(@Nullable String value) {
    put("data", value);
  }

  @Option(
      names = "--store",
      paramLabel = "NAME",
      description =
          "What keeps the promises: files (default with --data), memory (then epochs repeat after"
              + " a restart), or one of your own.")
  void store(@Nullable String value) {
    put("store", value);
  }

  @Option(
      names = "--election-only",
      negatable = true,
      description = "No epoch promise and no lease, as in an ensemble with ZooKeeper's servers.")
  void electionOnly(@Nullable Boolean value) {
    put("election-only", value);
  }

  @Option(
      names = "--preset",
      paramLabel = "lan|wan",
      description = "All durations at once; lan by default, with a lease of 1 s; wan: 5 s.")
  void preset(@Nullable String value) {
    put("preset", value);
  }

  @Option(
      names = "--lease",
      paramLabel = "TIME",
      description = "How long a leader leads without word from a majority; as 1s or 1200ms.")
  void lease(@Nullable String value) {
    put("lease", value);
  }

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      description = "How often a leader renews its lease; at most half of it.")
  void heartbeat(@Nullable String value) {
    put("heartbeat", value);
  }

  @Option(
      names = "--suspect-after",
      paramLabel = "TIME",
      description =
          "How long a silent leader is followed; longer than the lease, with the drift added.")
  void suspectAfter(@Nullable String value) {
    put("suspect-after", value);
  }

  @Option(
      names = "--drift",
      paramLabel = "FRACTION",
      description = "How much faster one server's clock may run than another's; 0.01 by default.")
  void drift(@Nullable String value) {
    put("drift", value);
  }

  @Option(
      names = "--fast-failover",
      negatable = true,
      description =
          "Do not wait for the lease of a leader whose connection has closed and that cannot be"
              + " dialled any more. Two may overlap if it lives on all the same.")
  void fastFailover(@Nullable Boolean value) {
    put("fast-failover", value);
  }

  @Option(names = "--witness", negatable = true, description = "Votes and never leads.")
  void witness(@Nullable Boolean value) {
    put("witness", value);
  }

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "Who has more leads if it can; 1 by default, 0 as --witness.")
  void priority(@Nullable String value) {
    put("priority", value);
  }

  @Option(
      names = "--ensemble",
      paramLabel = "NAME",
      description = "The ensemble's name; servers of another name are strangers.")
  void ensemble(@Nullable String value) {
    put("ensemble", value);
  }

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      description = "The kind of election: fast (default), bully, or one of your own.")
  void algorithm(@Nullable String value) {
    put("algorithm", value);
  }

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      description = "What carries the messages: tcp (default), or one of your own.")
  void transport(@Nullable String value) {
    put("transport", value);
  }

  @Option(
      names = "--" + NodeSettings.JSON,
      negatable = true,
      description = "One JSON object a line on standard output; the log is on standard error.")
  void json(@Nullable Boolean value) {
    put(NodeSettings.JSON, value);
  }

  @Option(
      names = "--" + NodeSettings.REPORT_VALIDITY,
      paramLabel = "TIME",
      description = "While this server leads, say so that often; as 5ms or 1s.")
  void reportValidity(@Nullable String value) {
    put(NodeSettings.REPORT_VALIDITY, value);
  }

  /** It is told null of all options first, and then what was given. */
  private void put(String name, @Nullable Object value) {
    if (value != null) {
      given.put(name, value.toString());
    }
  }
}
