/** What every kind of transport builds on: counters and the two queues. Not exported. */
package io.quorate.transport.queue;
