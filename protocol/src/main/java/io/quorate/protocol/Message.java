package io.quorate.protocol;

/**
 * What travels in a frame: ZooKeeper's only kind, and ours, which a ZooKeeper server ignores.
 * Immutable.
 */
public sealed interface Message
    permits Notification,
        Hello,
        Proposal,
        Acknowledgement,
        Refusal,
        Heartbeat,
        Surrender,
        UnknownExtension {}
