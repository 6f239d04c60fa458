/** Links between transports of one process, without sockets and without threads. Not exported. */
package io.quorate.transport.memory;
