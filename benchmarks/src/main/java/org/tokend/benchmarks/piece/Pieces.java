package org.tokend.benchmarks.piece;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs them all: {@code ./bench --pieces}. Writes pieces.json, as JMH does, and pieces.txt. */
public final class Pieces {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Pieces() {}

    /** @param words the directory of the results */
    public static void main(String[] words) throws RunnerException, IOException {
        Path output = Path.of(words[0]);
        Files.createDirectories(output);
        Options options = new OptionsBuilder()
                .include(Pieces.class.getPackageName() + "\\..*")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .warmupIterations(4)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED")
                .resultFormat(ResultFormatType.JSON)
                .result(output.resolve("pieces.json").toString())
                .build();
        String table = table(new Runner(options).run());
        Files.writeString(output.resolve("pieces.txt"), table);
        System.out.println(table);
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder table = new StringBuilder("piece, µs for one, ± (99.9 %), bytes allocated\n");
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            String name = result.getParams().getBenchmark();
            String parameter = result.getParams().getParamsKeys().stream()
                    .map(key -> ", " + key + " " + result.getParams().getParam(key))
                    .reduce("", String::concat);
            table.append(String.format(
                    Locale.ROOT,
                    "%s%s, %.2f, %.2f, %.0f%n",
                    name.substring(Pieces.class.getPackageName().length() + 1),
                    parameter,
                    time.getScore(),
                    time.getScoreError(),
                    allocated == null ? Double.NaN : allocated.getScore()));
        }
        return table.toString();
    }
}
