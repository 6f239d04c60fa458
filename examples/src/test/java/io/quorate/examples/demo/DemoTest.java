package io.quorate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.examples.CommandRun;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine.Help.Ansi;

@Timeout(120)
final class DemoTest {

  private static final ServerId ONE = ServerId.of(1);
  private static final ServerId TWO = ServerId.of(2);
  private static final Set<ServerId> BOTH = new TreeSet<>(Set.of(ONE, TWO));

  @Test
  void theStoryIsToldInPlainText() {
    var run = CommandRun.of("demo", "--servers", "3");
    assertEquals(0, run.exitCode(), run.err() + run.out());
    assertTrue(run.out().indexOf('\u001b') < 0);
    Stream.of(
            " looks for ",
            " votes for ",
            " leads",
            " follows ",
            " is granted epoch 1",
            " handed off to ",
            " its lease ran out",
            " stopped by itself",
            " is gone",
            "The tokens of the leaders were [1, ")
        .forEach(part -> assertTrue(run.out().contains(part), run.out()));
  }

  @Test
  void aMomentIsALine() {
    var scoreboard = new Scoreboard(BOTH);
    assertEquals(
        "     0.5   ? .   1 looks for a leader, round 7\n",
        shown(Ansi.OFF, scoreboard, ONE, new Moment.Looks(7)));
    assertEquals(
        "     0.5   ? .   1 votes for 2\n",
        shown(Ansi.OFF, scoreboard, ONE, new Moment.Votes(new Vote(TWO, 0, 0))));
    assertEquals(
        "     0.5   ? L   2 leads\n",
        shown(Ansi.OFF, scoreboard, TWO, told(new ElectionEvent.Leading(TWO, 4, true))));
    assertEquals(
        "", shown(Ansi.OFF, scoreboard, TWO, told(new ElectionEvent.Leading(TWO, 4, true))));
    var token = new FencingToken(4, TWO);
    assertEquals(
        "     0.5   ? L   2 is granted epoch 4\n",
        shown(Ansi.OFF, scoreboard, TWO, told(new ElectionEvent.Granted(token))));
    assertEquals(
        "     0.5   ? L   2 leads no more epoch 4: its lease ran out\n",
        shown(
            Ansi.OFF,
            scoreboard,
            TWO,
            told(new ElectionEvent.Revoked(token, new Revocation.LeaseExpired()))));
    assertEquals(
        "     0.5   . L   1 is gone\n",
        shown(Ansi.OFF, scoreboard, ONE, told(new ElectionEvent.Closed())));
    assertEquals("", shown(Ansi.OFF, scoreboard, ONE, told(new ElectionEvent.LinkUp(TWO))));
  }

  @Test
  void aTerminalGetsColours() {
    var line =
        shown(Ansi.ON, new Scoreboard(BOTH), TWO, told(new ElectionEvent.Leading(TWO, 4, true)));
    assertTrue(line.indexOf('\u001b') >= 0);
  }

  @Test
  void serversAgreeWhenTheirLeaderIsOneOfThemAndLeads() {
    var scoreboard = new Scoreboard(BOTH);
    assertEquals(Optional.empty(), scoreboard.agreement(BOTH));
    scoreboard.update(ONE, new ElectionEvent.Following(TWO, 4, true));
    assertEquals(Optional.empty(), scoreboard.agreement(BOTH));
    assertEquals(Optional.empty(), scoreboard.agreement(Set.of(ONE)));
    scoreboard.update(TWO, new ElectionEvent.Leading(TWO, 4, true));
    assertEquals(Optional.of(new Scoreboard.Led(TWO, 4)), scoreboard.agreement(BOTH));
    scoreboard.looks(ONE);
    assertEquals(Optional.empty(), scoreboard.agreement(BOTH));
  }

  private static Moment.News told(ElectionEvent event) {
    return new Moment.Told(event);
  }

  private static String shown(Ansi ansi, Scoreboard scoreboard, ServerId server, Moment.News news) {
    var out = new StringWriter();
    long start = 1_000_000;
    new Timeline(new PrintWriter(out), ansi, start, scoreboard)
        .show(new Moment(server, start + 500_000, news));
    return out.toString();
  }
}
