package org.tokend.benchmarks.result;

/** Names one measurement. */
public record Point(String what, String situation, String subject) {}
