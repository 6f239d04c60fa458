package io.quorate.examples.broken;

import io.quorate.transport.queue.SendQueue;

/** Breaks a rule on purpose: an example uses what is not exported. */
public record SeesTheInside(SendQueue queue) {}
