package org.tokend.benchmarks.result;

import java.util.Optional;

/** What a measurement should be. */
public sealed interface Goal {
    String text();

    Bound bound();

    /** Empty when what it is about was not measured in this run. */
    Optional<Double> value(Results results);

    /** One measurement. */
    record Figure(String text, Point point, Bound bound) implements Goal {
        @Override
        public Optional<Double> value(Results results) {
            return results.find(point).map(Measurement::median);
        }
    }

    /** One measurement over another of the same run, pair by pair. */
    record Ratio(String text, Point numerator, Point denominator, Bound bound) implements Goal {
        @Override
        public Optional<Double> value(Results results) {
            return results.find(numerator)
                    .flatMap(over ->
                            results.find(denominator).map(under -> Medians.ofRatios(over.samples(), under.samples())));
        }
    }

    /** One measurement less another. */
    record Difference(String text, Point minuend, Point subtrahend, Bound bound) implements Goal {
        @Override
        public Optional<Double> value(Results results) {
            return results.find(minuend)
                    .flatMap(from -> results.find(subtrahend).map(less -> from.median() - less.median()));
        }
    }
}
