package org.tokend.benchmarks.experiment;

import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Rig;

/** Asks one question of all subjects. */
public interface Experiment {
    String title();

    void run(Rig rig, Scale scale, Results results);
}
