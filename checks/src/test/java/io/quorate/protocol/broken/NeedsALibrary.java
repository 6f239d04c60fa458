package io.quorate.protocol.broken;

import com.fasterxml.jackson.core.JsonFactory;

/** Breaks a rule on purpose: the library needs no other. */
public record NeedsALibrary(JsonFactory factory) {}
