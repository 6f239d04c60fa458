/** What an election algorithm of your own implements. Start with {@link ElectionProvider}. */
package io.quorate.election.spi;
