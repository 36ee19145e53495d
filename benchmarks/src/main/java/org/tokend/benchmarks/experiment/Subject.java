package org.tokend.benchmarks.experiment;

import java.util.function.Function;
import org.tokend.benchmarks.rig.Clients;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.Target;

/**
 * Who is measured, and by what kind of clients.
 *
 * @param start starts so many of them
 */
record Subject(Target target, Kind kind, Function<Integer, Clients> start) {

    /** What a number of clients is a number of. */
    enum Kind {
        THREADS("threads"),
        PROGRAMS("programs");

        private final String plural;

        Kind(String plural) {
            this.plural = plural;
        }

        String plural() {
            return plural;
        }
    }

    static Subject threads(Rig rig, Target target) {
        return new Subject(
                target, Kind.THREADS, count -> rig.installation().load().threads(target, count));
    }

    static Subject programs(Rig rig, Target target) {
        return new Subject(
                target, Kind.PROGRAMS, count -> rig.installation().load().programs(target, count));
    }

    static Subject library(Rig rig, Target target) {
        return new Subject(target, Kind.THREADS, count -> rig.installation().clientLibrary(target, count));
    }

    String name() {
        return target.name();
    }
}
