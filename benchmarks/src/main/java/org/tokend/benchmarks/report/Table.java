package org.tokend.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tokend.benchmarks.result.Goal;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;

/** Results as text in columns, for a terminal and for a page. */
public final class Table {
    private Table() {}

    public static String measurements(Results results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("what", "situation", "subject", "median", "unit", "least", "most"));
        for (Measurement one : results.all()) {
            rows.add(List.of(
                    one.what(),
                    one.situation(),
                    one.subject(),
                    number(one.median()),
                    one.unit(),
                    number(one.samples().stream().mapToDouble(d -> d).min().orElse(Double.NaN)),
                    number(one.samples().stream().mapToDouble(d -> d).max().orElse(Double.NaN))));
        }
        return columns(rows);
    }

    public static String goals(List<Goal> goals, Results results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("goal", "is", "should be", ""));
        for (Goal goal : goals) {
            Optional<Double> value = goal.value(results);
            rows.add(List.of(
                    goal.text(),
                    value.map(Table::number).orElse("-"),
                    goal.bound().toString(),
                    value.map(is -> goal.bound().met(is) ? "met" : "MISSED").orElse("not measured")));
        }
        return columns(rows);
    }

    private static String columns(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String blanks = " ".repeat(widths[i] - cell.length());
                line.append(isNumber(cell) ? blanks + cell : cell + blanks).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static boolean isNumber(String cell) {
        return !cell.isEmpty()
                && Character.isDigit(cell.charAt(0))
                && cell.chars().allMatch(c -> c == '.' || Character.isDigit(c));
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
