package io.quorate.examples.simulate;

import io.quorate.testkit.Fault;
import java.util.Locale;
import java.util.Optional;

/** Shows what came of many seeds. */
interface CampaignReport {

  /**
   * Writes it.
   *
   * @param subject what was simulated
   * @param seeds which seeds were asked for
   * @param result what came of them
   * @param finding what went wrong, if anything did
   */
  void write(
      Subject subject, Campaign.Seeds seeds, Campaign.Result result, Optional<Finding> finding);

  /** Returns the name of a fault in camel case. */
  static String name(Fault fault) {
    var name = new StringBuilder();
    for (String word : fault.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      int first = name.isEmpty() ? 0 : 1;
      name.append(word.substring(0, first).toUpperCase(Locale.ROOT))
          .append(word, first, word.length());
    }
    return name.toString();
  }
}
