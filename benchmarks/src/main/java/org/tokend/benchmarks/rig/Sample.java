package org.tokend.benchmarks.rig;

import java.util.Map;

/** What some clients did in one turn; latencies in microseconds. */
public record Sample(long count, double seconds, long errors, double p50, double p90, double p99) {

    static Sample parse(String line) {
        Map<String, String> said = Text.object(line);
        return new Sample(
                Long.parseLong(said.getOrDefault("count", "0")),
                number(said, "seconds"),
                Long.parseLong(said.getOrDefault("errors", "0")),
                number(said, "p50"),
                number(said, "p90"),
                number(said, "p99"));
    }

    public double rate() {
        return count / seconds;
    }

    private static double number(Map<String, String> said, String name) {
        return Double.parseDouble(said.getOrDefault(name, "NaN"));
    }
}
