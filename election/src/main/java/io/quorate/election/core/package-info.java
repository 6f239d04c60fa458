/**
 * What decides, and nothing else: pure state machines without clock, IO, thread or randomness.
 * Start with {@link FastLeaderElection}. Not exported.
 */
package io.quorate.election.core;
