package io.quorate.election.core.broken;

import org.slf4j.Logger;

/** Breaks a rule on purpose: what decides does not log. */
public record Logs(Logger log) {}
