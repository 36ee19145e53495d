package org.tokend.benchmarks.report;

import java.util.List;

/**
 * Bars in groups.
 *
 * @param file its name, without an ending
 */
record Chart(String file, String title, String unit, List<Group> groups) {
    Chart {
        groups = List.copyOf(groups);
    }

    record Group(String name, List<Bar> bars) {
        Group {
            bars = List.copyOf(bars);
        }
    }

    record Bar(String name, double value) {}
}
