package org.tokend.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tokend.benchmarks.result.Goal;
import org.tokend.benchmarks.result.Results;

/** The files of a run: results.json, goals.txt, results.txt and a plot for each question. */
public final class Report {
    private Report() {}

    /** @param machine what it was measured on */
    public static void write(Path directory, Map<String, String> machine, List<Goal> goals, Results results) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("results.json"), Json.of(machine, goals, results));
            Files.writeString(directory.resolve("goals.txt"), heading(machine) + Table.goals(goals, results));
            Files.writeString(directory.resolve("results.txt"), heading(machine) + Table.measurements(results));
            for (Chart chart : Charts.all(results)) {
                Files.writeString(directory.resolve(chart.file() + ".svg"), Svg.of(chart, machine));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the results cannot be written into " + directory, e);
        }
    }

    private static String heading(Map<String, String> machine) {
        StringBuilder text = new StringBuilder();
        machine.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.append('\n').toString();
    }
}
