package org.tokend.benchmarks.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All measurements of a run, in order. */
public final class Results {
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    public void add(Measurement measurement) {
        measurements.add(measurement);
    }

    /** An experiment that came to no end; the others go on. */
    public void failed(String experiment, String reason) {
        failures.add(experiment + ": " + reason);
    }

    public List<Measurement> all() {
        return List.copyOf(measurements);
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    public List<Measurement> of(String what) {
        return measurements.stream()
                .filter(measurement -> measurement.what().equals(what))
                .toList();
    }

    public Optional<Measurement> find(Point point) {
        return measurements.stream()
                .filter(measurement -> measurement.what().equals(point.what())
                        && measurement.situation().equals(point.situation())
                        && measurement.subject().equals(point.subject()))
                .findFirst();
    }
}
