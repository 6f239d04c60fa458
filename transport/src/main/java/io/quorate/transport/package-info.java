/** Links between the servers of an ensemble. Start with {@link Transport}. */
package io.quorate.transport;
