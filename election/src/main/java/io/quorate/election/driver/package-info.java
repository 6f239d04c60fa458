/**
 * What carries an election out: the engine, which decides and is pure, and the one thread that
 * feeds it.
 *
 * <pre>
 *   thread (all virtual)          touches
 *   quorate-SELF-driver           engine, algorithm, timers; calls the position's supplier
 *   quorate-SELF-listener-N       its own mailbox; calls its listener
 *   any thread of the application the board (view, listeners), the queue of orders, the counters
 * </pre>
 *
 * <p>Locks are taken in this order: the board's, then a mailbox's. No code of others runs under
 * either.
 */
package io.quorate.election.driver;
