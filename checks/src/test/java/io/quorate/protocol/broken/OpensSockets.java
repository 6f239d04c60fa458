package io.quorate.protocol.broken;

import java.net.Socket;

/** Breaks a rule on purpose: what decides does no IO. */
public final class OpensSockets {
  private OpensSockets() {}

  /** Opens one. */
  public static Socket open() {
    return new Socket();
  }
}
