/**
 * Small files that survive a crash: replaced as a whole, checksummed, locked. Start with {@link
 * WholeFile}. Not exported.
 */
package io.quorate.election.disk;
