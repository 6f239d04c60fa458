package io.quorate.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  @Test
  void quantilesLieBetweenSamples() {
    var samples = Samples.of(4, 1, 3, 2);
    assertEquals(2.5, samples.median());
    assertEquals(1, samples.quantile(0));
    assertEquals(4, samples.quantile(1));
    assertEquals(3.25, samples.quantile(0.75));
    assertEquals(4, samples.get(0), "samples stay in their order");
    assertThrows(IllegalArgumentException.class, Samples::of);
    assertThrows(IllegalArgumentException.class, () -> samples.quantile(1.1));
  }

  @Test
  void ratiosAreOfMediansAndVaryByRound() {
    var ratio = Ratio.of(Samples.of(2, 6, 4), Samples.of(1, 2, 4));
    assertEquals(new Ratio(2, 1, 3), ratio);
    assertEquals("2.00 (1.00–3.00)", ratio.toString());
    assertEquals("0.250", Ratio.of(1, 4).toString());
  }

  @Test
  void targetsIncludeTheirBound() {
    assertTrue(Target.atMost(1.3).isMetBy(1.3));
    assertFalse(Target.atMost(1.3).isMetBy(1.31));
    assertTrue(Target.atLeast(20).isMetBy(20));
    assertFalse(Target.atLeast(20).isMetBy(19.9));
    assertFalse(Target.atLeast(20).isMetBy(Double.NaN));
    assertEquals("at least 20.0", Target.atLeast(20).text());
  }

  @Test
  void tablesAreAligned() {
    var table = new Table("what", "n").row("a", "1,000");
    assertEquals("| what | n     |\n| ---- | ----- |\n| a    | 1,000 |\n", table.toString());
    assertThrows(IllegalArgumentException.class, () -> table.row("too", "many", "cells"));
  }

  @Test
  void aReportIsWrittenAsTableAndPicture(@TempDir Path directory) throws Exception {
    try (var report = new Report(directory, "trial", "A < B")) {
      report.figure("trip", "ours", Samples.of(10, 20), "us");
      report.figure("trip", "bare", Samples.of(10, 10), "us");
      report.ratio(
          "ours to bare", Ratio.of(Samples.of(10, 20), Samples.of(10, 10)), Target.atMost(1.3));
    }
    String text = Files.readString(directory.resolve("trial.md"));
    assertTrue(text.contains("0 met, 1 missed"), text);
    assertTrue(text.contains("1.50 (1.00–2.00)"), text);
    assertEquals(2, bars(directory.resolve("trial.svg")));
    assertThrows(
        IllegalArgumentException.class, () -> new Plot("", "").bar("", "", Samples.of(0, 1)));
  }

  private static long bars(Path svg) throws Exception {
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
    var rectangles = document.getElementsByTagName("rect");
    long bars = 0;
    for (int i = 0; i < rectangles.getLength(); i++) {
      if (rectangles.item(i).getAttributes().getNamedItem("fill-opacity") != null) {
        bars++;
      }
    }
    return bars;
  }
}
