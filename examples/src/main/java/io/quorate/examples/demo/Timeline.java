package io.quorate.examples.demo;

import io.quorate.election.ElectionEvent;
import io.quorate.examples.cli.Causes;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/**
 * Shows what happens, a line each: milliseconds since the start, what every server does, and what
 * just happened. Belongs to one thread.
 *
 * <pre>
 *       ms   1 2 3
 *      212   f f L   3 leads
 * </pre>
 */
final class Timeline {

  private final PrintWriter out;
  private final Ansi ansi;
  private final long startNanos;
  private final Scoreboard scoreboard;

  Timeline(PrintWriter out, Ansi ansi, long startNanos, Scoreboard scoreboard) {
    this.out = out;
    this.ansi = ansi;
    this.startNanos = startNanos;
    this.scoreboard = scoreboard;
  }

  void title(String text) {
    line("");
    line(ansi.string("@|bold " + text + "|@"));
  }

  void head(Set<ServerId> servers) {
    String ids = servers.stream().map(ServerId::toString).collect(Collectors.joining(" "));
    line(ansi.string("@|faint       ms   " + ids + "|@"));
  }

  void result(String text) {
    line(ansi.string("           @|bold,green " + text + "|@"));
  }

  void line(String text) {
    out.print(text + "\n");
    out.flush();
  }

  /** Takes what a server told, and shows it if it is of interest here. */
  void show(Moment moment) {
    sentence(moment.news(), change(moment))
        .ifPresent(
            sentence ->
                line(
                    String.format(
                        Locale.ROOT,
                        "%8.1f   %s   %s %s",
                        (moment.atNanos() - startNanos) / 1e6,
                        strip(),
                        moment.server(),
                        ansi.string(sentence))));
  }

  private boolean change(Moment moment) {
    return switch (moment.news()) {
      case Moment.Told(ElectionEvent event) -> scoreboard.update(moment.server(), event);
      case Moment.Looks _ -> scoreboard.looks(moment.server());
      case Moment.Votes _ -> false;
    };
  }

  private static Optional<String> sentence(Moment.News news, boolean change) {
    return switch (news) {
      case Moment.Looks(long round) -> Optional.of("@|yellow looks|@ for a leader, round " + round);
      case Moment.Votes(Vote vote) -> Optional.of("votes for " + vote.leader());
      case Moment.Told(ElectionEvent event) ->
          switch (event) {
            case ElectionEvent.Leading _ when change -> Optional.of("@|bold,green leads|@");
            case ElectionEvent.Following following when change ->
                Optional.of("@|cyan follows|@ " + following.leader());
            case ElectionEvent.Observing observing when change ->
                Optional.of("@|cyan observes|@ " + observing.leader());
            case ElectionEvent.Closed _ -> Optional.of("@|bold,red is gone|@");
            case ElectionEvent.Warning(String code, _) -> Optional.of("warns: " + code);
            case ElectionEvent.Leading _, ElectionEvent.Following _, ElectionEvent.Observing _ ->
                Optional.empty();
            // Its own election has told that already.
            case ElectionEvent.Looking _ -> Optional.empty();
            case ElectionEvent.Listening _, ElectionEvent.Elected _ -> Optional.empty();
            case ElectionEvent.Granted(var token) ->
                Optional.of("@|bold,green is granted|@ epoch " + token.epoch());
            case ElectionEvent.Revoked(var token, var cause) ->
                Optional.of(
                    "@|bold,red leads no more|@ epoch "
                        + token.epoch()
                        + ": "
                        + Causes.words(cause));
            case ElectionEvent.LinkUp _, ElectionEvent.LinkDown _ -> Optional.empty();
          };
    };
  }

  private String strip() {
    return scoreboard.states().stream()
        .map(
            state ->
                switch (state.role()) {
                  case DOWN -> "@|faint .|@";
                  case LOOKS -> "@|yellow ?|@";
                  case FOLLOWS -> "@|cyan f|@";
                  case LEADS -> "@|bold,green L|@";
                })
        .map(ansi::string)
        .collect(Collectors.joining(" "));
  }
}
