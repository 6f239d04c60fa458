/** Leader election for a service. Start with {@link LeaderElection}. */
package io.quorate.election;
