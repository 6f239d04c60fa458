package io.quorate.faults.ensemble;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a server's process is started, once; each life may be started otherwise. Immutable.
 *
 * @param id whose
 * @param prefix what starts it, and must become it: {@code ip netns exec NAME}, say
 * @param options of {@code quorate node} besides those that every server has
 * @param environment variables that are added to ours
 * @param data where it keeps its promises
 */
public record Start(
    long id,
    List<String> prefix,
    List<String> options,
    Map<String, String> environment,
    Path data) {

  /** Copies. */
  public Start {
    prefix = List.copyOf(prefix);
    options = List.copyOf(options);
    environment = Map.copyOf(environment);
  }

  static Start of(long id, Path data) {
    return new Start(id, List.of(), List.of(), Map.of(), data);
  }

  /** Returns one that this command starts, and whatever started it before. */
  public Start by(String... command) {
    var all = new ArrayList<>(List.of(command));
    all.addAll(prefix);
    return new Start(id, all, options, environment, data);
  }

  /** Returns one with more options. */
  public Start with(List<String> more) {
    var all = new ArrayList<>(options);
    all.addAll(more);
    return new Start(id, prefix, all, environment, data);
  }

  /** Returns one with a variable more. */
  public Start where(String variable, String value) {
    var all = new HashMap<>(environment);
    all.put(variable, value);
    return new Start(id, prefix, options, all, data);
  }

  /** Returns one that keeps its promises elsewhere. */
  public Start in(Path other) {
    return new Start(id, prefix, options, environment, other);
  }
}
