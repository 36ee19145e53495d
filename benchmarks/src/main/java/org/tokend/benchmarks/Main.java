package org.tokend.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tokend.benchmarks.experiment.ColdStart;
import org.tokend.benchmarks.experiment.Commands;
import org.tokend.benchmarks.experiment.Experiment;
import org.tokend.benchmarks.experiment.FirstSignature;
import org.tokend.benchmarks.experiment.KeyLookup;
import org.tokend.benchmarks.experiment.Memory;
import org.tokend.benchmarks.experiment.Storm;
import org.tokend.benchmarks.experiment.Throughput;
import org.tokend.benchmarks.report.Report;
import org.tokend.benchmarks.report.Table;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Installation;
import org.tokend.benchmarks.rig.LoadProgram;
import org.tokend.benchmarks.rig.Machine;
import org.tokend.benchmarks.rig.Rig;

/** Runs the experiments one after the other. A missed goal is a result; only what cannot be measured is a failure. */
public final class Main {
    private static final List<Experiment> EXPERIMENTS = List.of(
            new ColdStart(),
            new FirstSignature(),
            new Storm(),
            new Memory(),
            new Throughput(),
            new Commands(),
            new KeyLookup());

    private Main() {}

    public static void main(String[] words) {
        Options options = Options.parse(Arrays.asList(words));
        Results results = new Results();
        try (Rig rig = Rig.open(new Installation(options.home(), new LoadProgram(options.load())))) {
            for (Experiment experiment : EXPERIMENTS) {
                if (options.only().map(experiment.title()::contains).orElse(true)) {
                    run(experiment, rig, options, results);
                }
            }
        }
        System.out.println(Table.measurements(results));
        System.out.println(Table.goals(Goals.all(), results));
        Report.write(options.output(), Machine.here(options.home()), Goals.all(), results);
        results.failures().forEach(failure -> System.out.println("NOT MEASURED: " + failure));
        System.exit(results.failures().isEmpty() ? 0 : 1);
    }

    private static void run(Experiment experiment, Rig rig, Options options, Results results) {
        long begin = System.nanoTime();
        System.out.printf(Locale.ROOT, "%s ...%n", experiment.title());
        try {
            experiment.run(rig, options.scale(), results);
        } catch (RuntimeException | AssertionError e) {
            results.failed(experiment.title(), String.valueOf(e.getMessage()));
        }
        System.out.printf(Locale.ROOT, "    %.1f s%n", (System.nanoTime() - begin) / 1e9);
    }
}
