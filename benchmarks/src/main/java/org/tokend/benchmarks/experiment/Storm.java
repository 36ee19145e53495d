package org.tokend.benchmarks.experiment;

import java.util.ArrayList;
import java.util.List;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Medians;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.Target;

/** Many programs that start at once: who of them does not get the token opened, and when the others have their signature. */
public final class Storm implements Experiment {
    public static final String FAILED = "programs that fail to open the token";
    public static final String FIRST = "first signature";
    public static final String SITUATION = "64 programs at once";
    private static final int PROGRAMS = 64;
    private static final int ROUNDS = 3;

    @Override
    public String title() {
        return "64 programs that start at once";
    }

    @Override
    public void run(Rig rig, Scale scale, Results results) {
        for (Target target : FirstSignature.targets(rig)) {
            List<Double> failed = new ArrayList<>();
            List<Double> first = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                List<Double> millis = new ArrayList<>();
                List<String> said = rig.installation().load().storm(target, PROGRAMS);
                said.stream()
                        .filter(word -> !word.startsWith("failed"))
                        .forEach(word -> millis.add(Double.parseDouble(word) / 1_000));
                failed.add((double) (PROGRAMS - millis.size()));
                first.add(Medians.of(millis));
            }
            results.add(new Measurement(FAILED, SITUATION, target.name(), "of 64", failed));
            results.add(new Measurement(FIRST, SITUATION, target.name(), "ms", first));
        }
    }
}
