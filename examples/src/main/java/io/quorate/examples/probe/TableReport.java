package io.quorate.examples.probe;

import io.quorate.examples.cli.OneLine;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A table with a row for each address, the remarks, and the verdict in a sentence. */
final class TableReport implements ProbeReport {

  private static final List<String> HEAD =
      List.of("address", "id", "state", "leader", "round", "zxid", "epoch", "config", "members");
  private static final String UNKNOWN = "-";
  private static final String GAP = "  ";

  private final PrintWriter out;

  TableReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void write(List<Answer> answers, Verdict verdict) {
    var rows = new ArrayList<List<String>>();
    rows.add(HEAD);
    answers.forEach(answer -> rows.add(row(answer)));
    var widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      // The last cell of a row may be as long as it likes.
      for (int column = 0; column < row.size() - 1; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell)
            .append(" ".repeat(Math.max(0, widths[column] - cell.length())))
            .append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
    out.println();
    verdict.remarks().forEach(remark -> out.println(OneLine.of(remark)));
    out.println(
        verdict
            .leader()
            .map(leader -> "server " + leader + " leads, a quorum agrees")
            .orElse("there is no agreement"));
    out.flush();
  }

  private static List<String> row(Answer answer) {
    String address = answer.address().toString();
    return switch (answer) {
      case Answer.NoAnswer(_, String error) -> List.of(address, OneLine.of(error));
      case Answer.Opinion(_, Optional<ServerId> id, Notification opinion) ->
          row(address, id, opinion);
    };
  }

  private static List<String> row(String address, Optional<ServerId> id, Notification opinion) {
    Optional<EnsembleConfig> config = opinion.config().map(ConfigText::config);
    ServerId leader = opinion.vote().leader();
    return List.of(
        address,
        id.map(ServerId::toString).orElse(UNKNOWN),
        opinion.state().name(),
        leader.isMember() ? leader.toString() : UNKNOWN,
        Long.toString(opinion.round()),
        "0x" + Long.toHexString(opinion.vote().zxid()),
        Long.toString(opinion.vote().peerEpoch()),
        config.map(told -> Long.toHexString(told.version())).orElse(UNKNOWN),
        config.map(TableReport::members).orElse(UNKNOWN));
  }

  private static String members(EnsembleConfig config) {
    String voters = words(config.participants());
    return config.observers().isEmpty()
        ? voters
        : voters + " observed by " + words(config.observers());
  }

  private static String words(Collection<ServerId> ids) {
    return ids.stream().map(ServerId::toString).collect(Collectors.joining(","));
  }
}
