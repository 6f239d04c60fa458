package io.quorate.transport.broken;

/** Breaks a rule on purpose: only the shell starts threads. */
public final class StartsThreads {
  private StartsThreads() {}

  /** Starts one. */
  public static Thread start() {
    return Thread.startVirtualThread(() -> {});
  }
}
