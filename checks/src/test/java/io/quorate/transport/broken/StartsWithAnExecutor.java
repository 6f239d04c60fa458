package io.quorate.transport.broken;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Breaks a rule on purpose: only the shell starts threads. */
public final class StartsWithAnExecutor {
  private StartsWithAnExecutor() {}

  /** Makes what starts them. */
  public static ExecutorService executor() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }
}
