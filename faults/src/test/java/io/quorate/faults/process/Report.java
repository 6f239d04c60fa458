package io.quorate.faults.process;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of it.
 *
 * @param time how long it took
 * @param counts how often each fault was done and got over
 * @param lives how many processes were started
 * @param hanging what the threads did of each process that hung before a server of ours had begun
 * @param terms of them all
 * @param ledger of the store that the leaders wrote to
 * @param clocks what was seen of them
 * @param violations what must not be
 */
record Report(
    Duration time,
    Map<Fault, Integer> counts,
    int lives,
    List<String> hanging,
    Terms terms,
    FencedStore.Ledger ledger,
    Clocks.Seen clocks,
    List<String> violations) {

  @Override
  public String toString() {
    var text = new StringBuilder();
    counts.forEach((fault, count) -> text.append(row(count, fault.title())));
    text.append(
        String.format(
            Locale.ROOT,
            "in %d s: %d processes, %d terms (%d told late), ended by %s%n",
            time.toSeconds(),
            lives,
            terms.granted(),
            terms.grantedLate(),
            terms.ends()));
    text.append(
        String.format(
            Locale.ROOT,
            "writes: %d accepted, of them %d after their lease and before the next leader's; %d"
                + " refused%n",
            ledger.accepted(),
            ledger.late(),
            ledger.refusals().size()));
    text.append(
        String.format(
            Locale.ROOT,
            "without a leader: %d times, median %d ms, longest %d ms%n",
            terms.outages().size(),
            terms.medianOutage().toMillis(),
            terms.longestOutage().toMillis()));
    hanging.forEach(
        each -> text.append("hung at its start, and was replaced: ").append(each).append('\n'));
    return text.append(clocks).toString();
  }

  private static String row(int count, String title) {
    return String.format(Locale.ROOT, "%5d  %s%n", count, title);
  }
}
