package io.quorate.examples.probe;

import java.util.List;

/** Shows the answers and what follows from them. */
interface ProbeReport {

  /** Writes all of it. */
  void write(List<Answer> answers, Verdict verdict);
}
