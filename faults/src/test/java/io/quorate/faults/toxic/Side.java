package io.quorate.faults.toxic;

/** Which of what passes between a server and its peers a fault is in. */
enum Side {
  /** What it says: it hears the others, who do not hear it. For a proxy: those that it dials. */
  SAYS,
  /** What it hears: the others hear it. For a proxy: those by which it is dialled. */
  HEARS,
  BOTH;

  boolean isSaid() {
    return this != HEARS;
  }

  boolean isHeard() {
    return this != SAYS;
  }
}
