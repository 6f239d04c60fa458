package io.quorate.examples.cli;

import java.io.Console;

/** The person in front of the command, if there is one. */
public final class Terminal {

  private Terminal() {}

  /**
   * Whether input and output are a terminal. A console may be there without one: then the text goes
   * to a file or a pipe. A run-time image without the line editor's module may have none at all.
   */
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
