package io.quorate.testkit.exhaustive;

import io.quorate.election.engine.Output;
import io.quorate.protocol.Message;
import io.quorate.testkit.exhaustive.Servers.Effect;
import java.util.ArrayList;
import java.util.List;

/** Tells a path to a person: each choice, and what servers do about it. */
final class Story {
  private static final long MILLI = 1_000_000;

  private Story() {}

  /** Takes the path again, with new engines. */
  static String of(Scenario scenario, Explorer.Found found) {
    var world = new SmallWorld(scenario);
    int[] state = world.nothing();
    var lines = new ArrayList<String>();
    try {
      for (int choice : found.path()) {
        String what = tell(world, state, Choice.of(choice));
        world.apply(state, choice);
        lines.add("%5d ms  %s".formatted(world.now(state) / MILLI, what));
        world.effects().forEach(effect -> lines.addAll(tell(world, effect)));
      }
    } catch (Violation broken) {
      lines.add("          " + broken.getMessage());
    }
    return String.join("\n", lines);
  }

  private static String tell(SmallWorld world, int[] state, Choice choice) {
    return switch (choice.kind()) {
      case DELIVER, LOSE ->
          choice.tell()
              + ": "
              + world
                  .firstOf(state, choice.a(), choice.b())
                  .map(Message::toString)
                  .orElse("the link is down");
      case FIRE ->
          choice.tell() + ": " + world.server(state, choice.a()).timers().get(choice.b()).timer();
      case WRITE -> choice.tell() + ": " + world.server(state, choice.a()).writing().orElseThrow();
      case END_TASK, START, CRASH, CONNECT, BREAK, HAND_OFF, LEAVE -> choice.tell();
    };
  }

  private static List<String> tell(SmallWorld world, Effect effect) {
    String who = Scenario.id(world.serverOf(effect)).toString();
    List<Output> told =
        effect.outputs().stream().filter(it -> !(it instanceof Output.Show)).toList();
    return told.stream().map(it -> "            server " + who + ": " + it).toList();
  }
}
