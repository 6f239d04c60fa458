package io.quorate.testkit.world;

import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import java.util.function.Function;

/**
 * The election that is tried.
 *
 * @param algorithms makes an algorithm
 * @param checksDeterminism whether two of its algorithms are told the same and must answer the same
 */
record Tried(Function<ElectionContext, ElectionAlgorithm> algorithms, boolean checksDeterminism) {}
