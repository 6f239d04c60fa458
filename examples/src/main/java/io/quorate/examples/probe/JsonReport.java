package io.quorate.examples.probe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.examples.cli.JsonLines;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/** One JSON object a line: each answer, then the verdict. What is not known is null. */
final class JsonReport implements ProbeReport {

  private final JsonLines lines;

  JsonReport(PrintWriter out) {
    lines = new JsonLines(out);
  }

  @Override
  public void write(List<Answer> answers, Verdict verdict) {
    for (Answer answer : answers) {
      lines.write(
          json -> {
            json.writeStringField("address", answer.address().toString());
            switch (answer) {
              case Answer.NoAnswer(_, String error) -> json.writeStringField("error", error);
              case Answer.Opinion(_, Optional<ServerId> id, Notification opinion) ->
                  writeOpinion(json, id, opinion);
            }
          });
    }
    lines.write(
        json -> {
          json.writeStringField("event", "verdict");
          json.writeBooleanField("agreed", verdict.agreed());
          writeId(json, "leader", verdict.leader());
        });
  }

  private static void writeOpinion(JsonGenerator json, Optional<ServerId> id, Notification opinion)
      throws IOException {
    writeId(json, "id", id);
    json.writeStringField("state", opinion.state().name());
    Optional<ServerId> leader = Optional.of(opinion.vote().leader());
    writeId(json, "leader", leader.filter(ServerId::isMember));
    json.writeNumberField("round", opinion.round());
    json.writeNumberField("zxid", opinion.vote().zxid());
    json.writeNumberField("epoch", opinion.vote().peerEpoch());
    Optional<EnsembleConfig> config = opinion.config().map(ConfigText::config);
    if (config.isEmpty()) {
      json.writeNullField("configVersion");
      json.writeNullField("members");
      return;
    }
    json.writeNumberField("configVersion", config.get().version());
    json.writeArrayFieldStart("members");
    for (ServerId member : config.get().members().keySet()) {
      json.writeNumber(member.value());
    }
    json.writeEndArray();
  }

  private static void writeId(JsonGenerator json, String name, Optional<ServerId> id)
      throws IOException {
    if (id.isPresent()) {
      json.writeNumberField(name, id.get().value());
    } else {
      json.writeNullField(name);
    }
  }
}
