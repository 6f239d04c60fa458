package io.quorate.benchmarks.mass;

import java.io.IOException;

/** Holds the connections of many clients in a process of its own. */
interface Holder extends AutoCloseable {

  /** Returns where it listens. */
  int port();

  /** Returns how many connections have said who they are and are held now. */
  int held();

  @Override
  void close() throws IOException;
}
