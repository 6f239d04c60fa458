package io.quorate.examples.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.examples.cli.Durations;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportsTest {

  private static final List<Answer> ANSWERS =
      List.of(
          new Answer.Opinion(
              new HostPort("a", 1),
              Optional.of(ServerId.of(1)),
              Samples.says(
                  ServerState.FOLLOWING, 3, 4, Samples.ensemble("1=a:1,2=b:2,3=c:3", "4=d:4"))),
          new Answer.Opinion(
              new HostPort("b", 2),
              Optional.empty(),
              new Notification(ServerState.LOOKING, Vote.NOBODY, 1, 0, Optional.empty())),
          new Answer.NoAnswer(new HostPort("::1", 3), "connection refused"));

  @Test
  void jsonIsOneObjectALine() {
    var out = new StringWriter();
    new JsonReport(new PrintWriter(out))
        .write(ANSWERS, new Verdict(Optional.of(ServerId.of(3)), List.of("remark")));
    new JsonReport(new PrintWriter(out)).write(List.of(), new Verdict(Optional.empty(), List.of()));
    assertEquals(
        """
        {"address":"a:1","id":1,"state":"FOLLOWING","leader":3,"round":7,"zxid":16,"epoch":4,\
        "configVersion":0,"members":[1,2,3,4]}
        {"address":"b:2","id":null,"state":"LOOKING","leader":null,"round":1,\
        "zxid":-9223372036854775808,"epoch":-9223372036854775808,\
        "configVersion":null,"members":null}
        {"address":"[::1]:3","error":"connection refused"}
        {"event":"verdict","agreed":true,"leader":3}
        {"event":"verdict","agreed":false,"leader":null}
        """,
        out.toString());
  }

  @Test
  void theTableHasARowForEachAddress() {
    var out = new StringWriter();
    new TableReport(new PrintWriter(out))
        .write(
            List.of(ANSWERS.getFirst(), ANSWERS.getLast()),
            new Verdict(Optional.of(ServerId.of(3)), List.of("a remark")));
    assertEquals(
        """
        address  id  state      leader  round  zxid  epoch  config  members
        a:1      1   FOLLOWING  3       7      0x10  4      0       1,2,3 observed by 4
        [::1]:3  connection refused

        a remark
        server 3 leads, a quorum agrees
        """,
        out.toString().replace(System.lineSeparator(), "\n"));
  }

  @ParameterizedTest
  @CsvSource({"2,2000", "0.5,500", "2s,2000", "500ms,500", "1 s,1000", "600,600000"})
  void aTimeoutIsSecondsOrMilliseconds(String text, long millis) {
    assertEquals(Duration.ofMillis(millis), Durations.parse(text, ProbeCommand.MAX_TIMEOUT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "0", "-1", "0.0001", "601", "1m", "1e99", "NaN", "0x10"})
  void whatIsNoTimeoutIsRejected(String text) {
    assertThrows(
        IllegalArgumentException.class, () -> Durations.parse(text, ProbeCommand.MAX_TIMEOUT));
  }
}
