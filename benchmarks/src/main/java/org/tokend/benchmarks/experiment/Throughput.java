package org.tokend.benchmarks.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Clients;
import org.tokend.benchmarks.rig.Operation;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.Sample;
import org.tokend.benchmarks.rig.Setting;
import org.tokend.benchmarks.rig.Target;

/** How many operations a second, and how long each takes: subject after subject, round after round. */
public final class Throughput implements Experiment {
    /** What the measurements are called. */
    public static final String RATE = "rate";

    public static final String P50 = "p50";
    public static final String P99 = "p99";

    private static final String FIRST_SECOND = "p256, 4 threads, the daemon's first second";

    private static final Set<Integer> SWITCHED = Set.of(1, 16);
    private static final Set<Setting> SOCKETS = EnumSet.of(Setting.SHIPPED, Setting.UNVERIFIED);

    private static final int WARMING_CLIENTS = 4;
    private static final Duration STRETCH = Duration.ofSeconds(1);
    private static final int STRETCHES_TO_BE_SURE = 3;
    private static final double BETTER = 1.03;

    @Override
    public String title() {
        return "operations a second";
    }

    /** @return how a number of clients is called in the measurements */
    public static String situation(Operation operation, int clients, String plural) {
        return operation.wireName() + ", " + (clients == 1 ? "1 client" : clients + " " + plural);
    }

    @Override
    public void run(Rig rig, Scale scale, Results results) {
        warmUp(rig, scale, results);
        for (int clients : scale.clients()) {
            Map<Subject, Clients> running = new LinkedHashMap<>();
            try {
                start(subjects(rig, clients), clients, running);
                measure(Operation.RSA, clients, scale, running, results);
                measure(Operation.DECRYPT, clients, scale, running, results);
                if (SWITCHED.contains(clients)) {
                    start(switchedOff(rig, clients), clients, running);
                }
                measure(Operation.P256, clients, scale, running, results);
            } finally {
                running.values().forEach(Clients::close);
            }
        }
    }

    private static void start(List<Subject> subjects, int clients, Map<Subject, Clients> running) {
        subjects.forEach(subject -> running.put(subject, subject.start().apply(clients)));
    }

    /**
     * What a daemon does is compiled after some ten thousand operations, and until then the compiler takes its part of the
     * processors; peers in C are as quick as they will be from the start.
     */
    private static void warmUp(Rig rig, Scale scale, Results results) {
        for (Setting setting : Setting.values()) {
            List<Target> targets = new ArrayList<>(List.of(rig.nativeSocket(setting)));
            if (SOCKETS.contains(setting)) {
                rig.p11KitSocket(setting).ifPresent(targets::add);
            }
            for (Target target : targets) {
                try (Clients clients = rig.installation().load().threads(target, WARMING_CLIENTS)) {
                    Sample first = clients.run(Operation.P256, STRETCH);
                    results.add(new Measurement(RATE, FIRST_SECOND, target.name(), "1/s", List.of(first.rate())));
                    for (Operation operation : measured(setting)) {
                        settle(clients, operation, scale.warmUp());
                    }
                }
            }
        }
    }

    private static List<Operation> measured(Setting setting) {
        return setting == Setting.SHIPPED
                ? List.of(Operation.P256, Operation.RSA, Operation.DECRYPT)
                : List.of(Operation.P256);
    }

    /** Until it gets no quicker. */
    private static void settle(Clients clients, Operation operation, Duration longest) {
        double best = 0;
        int noBetter = 0;
        for (Duration spent = STRETCH;
                noBetter < STRETCHES_TO_BE_SURE && spent.compareTo(longest) < 0;
                spent = spent.plus(STRETCH)) {
            double rate = clients.run(operation, STRETCH).rate();
            noBetter = rate > best * BETTER ? 0 : noBetter + 1;
            best = Math.max(best, rate);
        }
    }

    private static List<Subject> subjects(Rig rig, int clients) {
        List<Subject> subjects = new ArrayList<>();
        subjects.add(Subject.threads(rig, rig.direct()));
        subjects.add(Subject.threads(rig, rig.p11Kit()));
        subjects.add(Subject.programs(rig, rig.nativeSocket(Setting.SHIPPED)));
        subjects.add(Subject.library(rig, rig.clientLibrary(Setting.SHIPPED)));
        rig.p11KitSocket(Setting.SHIPPED).ifPresent(target -> subjects.add(Subject.threads(rig, target)));
        if (clients > 1) {
            subjects.add(Subject.programs(rig, rig.direct()));
            subjects.add(Subject.programs(rig, rig.p11Kit()));
            rig.p11KitSocket(Setting.SHIPPED).ifPresent(target -> subjects.add(Subject.programs(rig, target)));
        }
        return subjects;
    }

    /** What the switches cost shows in the quickest operation. */
    private static List<Subject> switchedOff(Rig rig, int clients) {
        List<Subject> subjects = new ArrayList<>();
        for (Setting setting : List.of(Setting.UNVERIFIED, Setting.IN_PROCESS, Setting.IN_PROCESS_UNVERIFIED)) {
            subjects.add(Subject.programs(rig, rig.nativeSocket(setting)));
        }
        rig.p11KitSocket(Setting.UNVERIFIED).ifPresent(target -> {
            subjects.add(Subject.threads(rig, target));
            if (clients > 1) {
                subjects.add(Subject.programs(rig, target));
            }
        });
        return subjects;
    }

    private static void measure(
            Operation operation, int count, Scale scale, Map<Subject, Clients> running, Results results) {
        Map<Subject, List<Sample>> samples = new LinkedHashMap<>();
        running.forEach((subject, clients) -> clients.run(operation, scale.turn()));
        for (int round = 0; round < scale.rounds(); round++) {
            running.forEach((subject, clients) -> samples.computeIfAbsent(subject, first -> new ArrayList<>())
                    .add(clients.run(operation, scale.turn())));
        }
        samples.forEach((subject, taken) -> {
            String situation = situation(operation, count, subject.kind().plural());
            results.add(new Measurement(
                    RATE,
                    situation,
                    subject.name(),
                    "1/s",
                    taken.stream().map(Sample::rate).toList()));
            results.add(new Measurement(
                    P50,
                    situation,
                    subject.name(),
                    "µs",
                    taken.stream().map(Sample::p50).toList()));
            results.add(new Measurement(
                    P99,
                    situation,
                    subject.name(),
                    "µs",
                    taken.stream().map(Sample::p99).toList()));
        });
    }
}
