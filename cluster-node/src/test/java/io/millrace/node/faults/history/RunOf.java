package io.millrace.node.faults.history;

/** One run of a bot. */
public record RunOf(String bot, String run, long epoch) {}
