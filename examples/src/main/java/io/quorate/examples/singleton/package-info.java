/**
 * {@code quorate singleton}: three processes write to one file, one at a time, and a leader that
 * was stopped in the middle of a write is kept from finishing it late.
 */
package io.quorate.examples.singleton;
