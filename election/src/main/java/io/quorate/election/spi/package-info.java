/**
 * What an election algorithm of your own implements, or a place of your own for promises. Start
 * with {@link ElectionProvider} or {@link EpochStoreProvider}.
 */
package io.quorate.election.spi;
