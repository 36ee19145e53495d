package org.tokend.benchmarks.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Command;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.Setting;
import org.tokend.fixtures.daemon.DaemonFixture;

/** From the start of the daemon to READY=1 (sd_notify(3)), with the class cache that the build makes. */
public final class ColdStart implements Experiment {
    public static final String WHAT = "start to READY";
    public static final String SITUATION = "cold start";
    public static final String SUBJECT = "tokend";

    @Override
    public String title() {
        return "cold start of the daemon";
    }

    @Override
    public void run(Rig rig, Scale scale, Results results) {
        List<Double> millis = new ArrayList<>();
        try (DaemonFixture files = rig.freshDaemon(Setting.SHIPPED)) {
            Path tokend = rig.installation().command("tokend");
            for (int round = 0; round <= scale.repeats(); round++) {
                String said = Command.of(
                                rig.installation().load().executable().toString(),
                                "ready",
                                tokend.toString(),
                                "--config",
                                files.configuration().toString())
                        .output(files.directory());
                // The first reads the files from disk; a machine that has just booted is another matter.
                if (round > 0) {
                    millis.add(said.lines()
                                    .filter(line -> line.matches("[0-9.]+"))
                                    .mapToDouble(Double::parseDouble)
                                    .findFirst()
                                    .orElse(Double.NaN)
                            / 1_000);
                }
            }
        }
        results.add(new Measurement(WHAT, SITUATION, SUBJECT, "ms", millis));
    }
}
