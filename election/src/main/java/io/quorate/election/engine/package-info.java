/**
 * A server's election as one pure state machine around the algorithm: links, nominations, the epoch
 * promise and the lease. Start with {@link Engine}. Not exported.
 */
package io.quorate.election.engine;
