package io.quorate.protocol.broken;

import java.io.StringReader;

/** Breaks a rule on purpose: only the configuration's text may be read from a Reader. */
public record ReadsReaders(StringReader reader) {}
