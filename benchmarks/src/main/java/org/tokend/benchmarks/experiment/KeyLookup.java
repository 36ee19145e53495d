package org.tokend.benchmarks.experiment;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Clients;
import org.tokend.benchmarks.rig.Operation;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.RigException;
import org.tokend.benchmarks.rig.Sample;
import org.tokend.benchmarks.rig.Setting;
import org.tokend.benchmarks.rig.Target;

/** Whether many keys on the token make a signature, or the start of a program, slower. */
public final class KeyLookup implements Experiment {
    /** What the measurements are called; latencies of a P-256 signature by one client. */
    public static final String P50 = "p50 by keys";

    /** Beside the two that sign and decrypt. */
    private static final int OUR_OWN = 2;

    @Override
    public String title() {
        return "key look-up with many keys on the token";
    }

    public static String situation(int keys) {
        return keys + " keys on the token";
    }

    @Override
    public void run(Rig rig, Scale scale, Results results) {
        Map<Integer, Rig> rigs = new LinkedHashMap<>();
        try {
            for (int keys : scale.keys()) {
                rigs.put(keys, Rig.open(rig.installation(), generate(keys - OUR_OWN)));
            }
            warmUp(rigs, scale);
            firstSignatures(rigs, scale, results);
            signatures(rigs, scale, results);
        } finally {
            rigs.values().forEach(Rig::close);
        }
    }

    private static List<KeyPair> generate(int count) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            List<KeyPair> keys = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                keys.add(generator.generateKeyPair());
            }
            return keys;
        } catch (GeneralSecurityException e) {
            throw new RigException("keys cannot be generated", e);
        }
    }

    private static void warmUp(Map<Integer, Rig> rigs, Scale scale) {
        for (Rig one : rigs.values()) {
            try (Clients clients = one.installation().load().threads(one.nativeSocket(Setting.SHIPPED), 4)) {
                clients.run(Operation.P256, scale.warmUp().dividedBy(2));
            }
        }
    }

    private static void firstSignatures(Map<Integer, Rig> rigs, Scale scale, Results results) {
        rigs.forEach((keys, one) -> {
            for (Target target : FirstSignature.targets(one)) {
                List<Double> millis = new ArrayList<>();
                for (int round = 0; round < scale.repeats(); round++) {
                    millis.add(FirstSignature.millis(one, target));
                }
                results.add(new Measurement(FirstSignature.WHAT, situation(keys), target.name(), "ms", millis));
            }
        });
    }

    /** A signature by direct access too: what a token with many keys costs by itself is not the daemon's doing. */
    private static void signatures(Map<Integer, Rig> rigs, Scale scale, Results results) {
        Map<Turn, List<Double>> p50 = new LinkedHashMap<>();
        Map<Turn, Clients> running = new LinkedHashMap<>();
        try {
            rigs.forEach((keys, one) -> List.of(
                            one.nativeSocket(Setting.SHIPPED), one.nativeSocketByUri(Setting.SHIPPED), one.direct())
                    .forEach(target -> running.put(
                            new Turn(situation(keys), target.name()),
                            one.installation().load().programs(target, 1))));
            for (int round = 0; round <= scale.rounds(); round++) {
                boolean counts = round > 0;
                running.forEach((turn, clients) -> {
                    Sample sample = clients.run(Operation.P256, scale.turn());
                    if (counts) {
                        p50.computeIfAbsent(turn, first -> new ArrayList<>()).add(sample.p50());
                    }
                });
            }
        } finally {
            running.values().forEach(Clients::close);
        }
        p50.forEach(
                (turn, micros) -> results.add(new Measurement(P50, turn.situation(), turn.subject(), "µs", micros)));
    }

    private record Turn(String situation, String subject) {}
}
