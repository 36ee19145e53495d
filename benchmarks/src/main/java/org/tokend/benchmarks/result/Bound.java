package org.tokend.benchmarks.result;

import java.util.Locale;

/** The limit of a goal. */
public sealed interface Bound {
    double limit();

    boolean met(double value);

    record AtLeast(double limit) implements Bound {
        @Override
        public boolean met(double value) {
            return value >= limit;
        }

        @Override
        public String toString() {
            return ">= " + number(limit);
        }
    }

    record AtMost(double limit) implements Bound {
        @Override
        public boolean met(double value) {
            return value <= limit;
        }

        @Override
        public String toString() {
            return "<= " + number(limit);
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) >= 2
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
