package io.quorate.election.core.broken;

import java.util.concurrent.locks.ReentrantLock;

/** Breaks a rule on purpose: what decides is for one thread and knows none. */
public record Waits(ReentrantLock lock) {}
