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

    /** Two situations of one subject. */
    record Span(Point more, Point less) {
        private Optional<Double> width(Results results) {
            return new Difference("", more, less, new Bound.AtMost(0)).value(results);
        }
    }

    /** What more of something costs one subject, over what it costs another: without what both have to do anyway. */
    record Slopes(String text, Span numerator, Span denominator, Bound bound) implements Goal {
        @Override
        public Optional<Double> value(Results results) {
            return numerator
                    .width(results)
                    .flatMap(over -> denominator.width(results).map(under -> over / under));
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
