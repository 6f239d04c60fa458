package io.quorate.election.disk;

import java.io.IOException;

/**
 * Thrown when a file does not hold what was written to it. The message goes on after the file's
 * name: "is torn: ...".
 */
public sealed class DamagedException extends IOException permits UnknownVersionException {
  private static final long serialVersionUID = 1;

  private final String problem;

  /**
   * Makes one.
   *
   * @param problem the rest of a sentence that starts with the file's name
   */
  public DamagedException(String problem) {
    super(problem);
    this.problem = problem;
  }

  /**
   * Returns the message, which is always there.
   *
   * @return the rest of a sentence that starts with the file's name
   */
  public String problem() {
    return problem;
  }
}
