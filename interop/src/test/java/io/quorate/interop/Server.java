package io.quorate.interop;

import io.quorate.protocol.ServerState;
import java.util.OptionalLong;

/** A server of a test's ensemble, ours or ZooKeeper's. Safe for use by several threads. */
sealed interface Server extends AutoCloseable permits OurServer, RealPeer, FullServer {

  long id();

  /** What it does now. A state and the leader that goes with it may be told one after the other. */
  ServerState state();

  /** Whom it leads or follows; empty while it looks. */
  OptionalLong leader();

  /** Begins a new election, as one does whose leader is lost. */
  void lookAgain();

  /** Ends it; returns when its ports are free. */
  @Override
  void close();
}
