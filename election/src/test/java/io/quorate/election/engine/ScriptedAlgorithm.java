package io.quorate.election.engine;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An algorithm that writes down what it is told and answers what the test has written. */
final class ScriptedAlgorithm implements ElectionAlgorithm {
  final List<Event> told = new ArrayList<>();
  private Function<Event, List<Action>> script;

  ScriptedAlgorithm(Function<Event, List<Action>> script) {
    this.script = script;
  }

  void answer(Function<Event, List<Action>> next) {
    script = next;
  }

  @Override
  public List<Action> on(Event event) {
    told.add(event);
    return script.apply(event);
  }
}
