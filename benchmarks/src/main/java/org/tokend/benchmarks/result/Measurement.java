package org.tokend.benchmarks.result;

import java.util.List;

/**
 * One thing measured on one subject, several times.
 *
 * @param what for example {@code rate}, {@code p50}, {@code resident memory}
 * @param situation for example {@code p256, 16 programs}
 * @param subject who was measured
 * @param unit of the samples
 * @param samples in the order of the rounds, so that samples of two subjects of one run can be compared pair by pair
 */
public record Measurement(String what, String situation, String subject, String unit, List<Double> samples) {
    public Measurement {
        samples = List.copyOf(samples);
    }

    public double median() {
        return Medians.of(samples);
    }
}
