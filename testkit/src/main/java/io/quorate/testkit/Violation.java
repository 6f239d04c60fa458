package io.quorate.testkit;

/**
 * Something that must never happen, and did.
 *
 * @param property what is broken, as in {@code S1 (one leader of an epoch)}
 * @param detail what was seen, for a person
 * @param seed of the run
 * @param script the shortest list of faults that was found to break it, a line each; {@link
 *     Simulation#play} plays it again
 * @param hash a checksum of everything that happened when the seed was played
 */
public record Violation(String property, String detail, long seed, String script, String hash) {}
