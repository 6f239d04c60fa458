package io.quorate.protocol.broken;

import io.quorate.transport.broken.UsedByTheProtocol;

/** Breaks a rule on purpose: its layer is below the one it uses, which uses it in turn. */
public record KnowsTheTransport(UsedByTheProtocol above) {}
