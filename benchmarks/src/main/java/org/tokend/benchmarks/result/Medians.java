package org.tokend.benchmarks.result;

import java.util.ArrayList;
import java.util.List;

/** The middle of some numbers. */
public final class Medians {
    private Medians() {}

    /** NaN of none. */
    public static double of(List<Double> numbers) {
        if (numbers.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(numbers);
        sorted.sort(null);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median of the ratios of the pairs: what disturbed a round disturbed both of its samples. */
    public static double ofRatios(List<Double> numerators, List<Double> denominators) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(numerators.size(), denominators.size()); i++) {
            ratios.add(numerators.get(i) / denominators.get(i));
        }
        return of(ratios);
    }
}
