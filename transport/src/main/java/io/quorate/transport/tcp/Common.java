package io.quorate.transport.tcp;

import io.quorate.transport.TransportConfig;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;

/** What every part of one transport uses. */
record Common(
    TransportConfig config,
    Counters counters,
    Threads threads,
    Watchdog watchdog,
    Warnings warnings,
    ReceiveQueue received) {}
