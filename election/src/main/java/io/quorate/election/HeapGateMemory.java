package io.quorate.election;

/** Remembers as long as the process lives. */
final class HeapGateMemory implements GateMemory, GateMemory.Session {
  private long largest;

  HeapGateMemory() {}

  @Override
  public Session open(long deadline) {
    return this;
  }

  @Override
  public long largest() {
    return largest;
  }

  @Override
  public void remember(long epoch) {
    largest = epoch;
  }

  @Override
  public void close() {}
}
