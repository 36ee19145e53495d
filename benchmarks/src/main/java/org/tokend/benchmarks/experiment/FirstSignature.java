package org.tokend.benchmarks.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.RigException;
import org.tokend.benchmarks.rig.Setting;
import org.tokend.benchmarks.rig.Target;

/** How long a program that has just been started takes to its first signature. */
public final class FirstSignature implements Experiment {
    public static final String WHAT = "first signature";
    public static final String SITUATION = "fresh program";

    /** The first programs after the start of the daemon, whose JVM has compiled nothing yet. */
    public static final String EARLY = "fresh program, fresh daemon";

    private static final int STARTS_TO_WARM_UP = 100;

    /** Ten starts scatter by a third, and a start takes some milliseconds only. */
    private static final int TIMES_THE_REPEATS = 4;

    @Override
    public String title() {
        return "from the start of a program to its first signature";
    }

    @Override
    public void run(Rig rig, Scale scale, Results results) {
        List<Target> targets = targets(rig);
        measure(rig, targets, EARLY, scale, results);
        targets.forEach(target -> rig.installation().load().starts(target, STARTS_TO_WARM_UP));
        measure(rig, targets, SITUATION, scale, results);
    }

    private static void measure(Rig rig, List<Target> targets, String situation, Scale scale, Results results) {
        Map<Target, List<Double>> samples = new LinkedHashMap<>();
        targets.forEach(target -> samples.put(target, new ArrayList<>()));
        for (int round = 0; round <= TIMES_THE_REPEATS * scale.repeats(); round++) {
            boolean counts = round > 0;
            samples.forEach((target, taken) -> {
                double millis = millis(rig, target);
                if (counts) {
                    taken.add(millis);
                }
            });
        }
        samples.forEach((target, taken) -> results.add(new Measurement(WHAT, situation, target.name(), "ms", taken)));
    }

    static List<Target> targets(Rig rig) {
        List<Target> targets = new ArrayList<>(List.of(rig.direct(), rig.p11Kit(), rig.nativeSocket(Setting.SHIPPED)));
        rig.p11KitSocket(Setting.SHIPPED).ifPresent(targets::add);
        return targets;
    }

    static double millis(Rig rig, Target target) {
        String said = rig.installation().load().starts(target, 1).get(0);
        try {
            return Double.parseDouble(said) / 1_000;
        } catch (NumberFormatException e) {
            throw new RigException(target.name() + ": " + said, e);
        }
    }
}
