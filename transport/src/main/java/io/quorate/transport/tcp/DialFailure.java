package io.quorate.transport.tcp;

import io.quorate.transport.TransportEvent.UnreachableKind;

/**
 * Why a dial failed.
 *
 * @param kind refused only if every address refused
 * @param detail one line for a person
 */
record DialFailure(UnreachableKind kind, String detail) {

  static DialFailure refused(String detail) {
    return new DialFailure(UnreachableKind.REFUSED, detail);
  }

  static DialFailure other(String detail) {
    return new DialFailure(UnreachableKind.OTHER, detail);
  }
}
