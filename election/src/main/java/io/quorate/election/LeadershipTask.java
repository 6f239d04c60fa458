package io.quorate.election;

/** What a server does while it leads. See {@link LeaderElection#whileLeader}. */
@FunctionalInterface
public interface LeadershipTask {

  /**
   * Runs during one term. When the term ends its thread is interrupted; it should return soon then,
   * because nobody else of this process gets a term before.
   *
   * @param leadership the term
   * @throws Exception if it failed; the term is given up
   */
  void run(Leadership leadership) throws Exception;
}
