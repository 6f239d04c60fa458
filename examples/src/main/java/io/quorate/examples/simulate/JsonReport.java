package io.quorate.examples.simulate;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.examples.cli.JsonLines;
import io.quorate.testkit.Fault;
import io.quorate.testkit.Report;
import io.quorate.testkit.Violation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;

/** One JSON object. What is not known is null. */
final class JsonReport implements CampaignReport {

  private final JsonLines lines;

  JsonReport(PrintWriter out) {
    lines = new JsonLines(out);
  }

  @Override
  public void write(
      Subject subject, Campaign.Seeds seeds, Campaign.Result result, Optional<Finding> finding) {
    Report report = result.report();
    lines.write(
        json -> {
          json.writeStringField("algorithm", subject.algorithm());
          json.writeNumberField("from", seeds.from());
          json.writeNumberField("seeds", seeds.count());
          json.writeNumberField("runs", report.runs());
          json.writeBooleanField("stopped", result.stopped());
          json.writeNumberField("elections", report.elections());
          json.writeNumberField("terms", report.terms());
          writeNumber(json, "medianNanosToLeader", report.medianNanosToLeader());
          writeNumber(json, "maxNanosToLeader", report.maxNanosToLeader());
          json.writeObjectFieldStart("faults");
          for (Map.Entry<Fault, Long> fault : report.faults().entrySet()) {
            json.writeNumberField(CampaignReport.name(fault.getKey()), fault.getValue());
          }
          json.writeEndObject();
          json.writeNumberField("violations", report.violations().size());
          writeFinding(json, finding);
        });
  }

  private static void writeFinding(JsonGenerator json, Optional<Finding> finding)
      throws IOException {
    if (finding.isEmpty()) {
      json.writeNullField("violation");
      return;
    }
    Violation violation = finding.get().violation();
    json.writeObjectFieldStart("violation");
    json.writeNumberField("seed", violation.seed());
    json.writeStringField("property", violation.property());
    json.writeStringField("detail", violation.detail());
    json.writeStringField("script", violation.script());
    json.writeStringField("hash", violation.hash());
    json.writeStringField("replay", finding.get().replay());
    json.writeStringField("replayHash", finding.get().replayHash());
    json.writeEndObject();
  }

  private static void writeNumber(JsonGenerator json, String name, Optional<Long> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.get());
    } else {
      json.writeNullField(name);
    }
  }
}
