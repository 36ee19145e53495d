package org.tokend.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;

/** Which plots are drawn. */
final class Charts {
    private Charts() {}

    static List<Chart> all(Results results) {
        List<Chart> charts = new ArrayList<>();
        add(charts, results, "rate", "p256", "P-256 signatures a second");
        add(charts, results, "rate", "rsa", "RSA-2048 signatures a second");
        add(charts, results, "rate", "decrypt", "RSA-2048 decryptions a second");
        add(charts, results, "first signature", "", "From the start of a program to its first signature");
        add(charts, results, "resident memory", "", "Resident memory");
        add(charts, results, "wall time", "1 KiB", "Commands on a mail of 1 KiB");
        add(charts, results, "wall time", "64 MiB", "Commands on a mail of 64 MiB");
        return charts;
    }

    private static void add(List<Chart> charts, Results results, String what, String situation, String title) {
        Map<String, List<Chart.Bar>> groups = new LinkedHashMap<>();
        String unit = "";
        for (Measurement one : results.of(what)) {
            if (one.situation().startsWith(situation)) {
                unit = one.unit();
                groups.computeIfAbsent(one.situation(), first -> new ArrayList<>())
                        .add(new Chart.Bar(one.subject(), one.median()));
            }
        }
        if (!groups.isEmpty()) {
            String file = (what + " " + situation).strip().replace(' ', '-').toLowerCase(java.util.Locale.ROOT);
            charts.add(new Chart(
                    file,
                    title,
                    unit,
                    groups.entrySet().stream()
                            .map(group -> new Chart.Group(group.getKey(), group.getValue()))
                            .toList()));
        }
    }
}
