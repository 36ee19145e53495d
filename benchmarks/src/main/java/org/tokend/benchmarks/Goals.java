package org.tokend.benchmarks;

import java.util.List;
import java.util.stream.Stream;
import org.tokend.benchmarks.experiment.ColdStart;
import org.tokend.benchmarks.experiment.Commands;
import org.tokend.benchmarks.experiment.FirstSignature;
import org.tokend.benchmarks.experiment.KeyLookup;
import org.tokend.benchmarks.experiment.Memory;
import org.tokend.benchmarks.experiment.Storm;
import org.tokend.benchmarks.experiment.Throughput;
import org.tokend.benchmarks.result.Bound;
import org.tokend.benchmarks.result.Goal;
import org.tokend.benchmarks.result.Point;
import org.tokend.benchmarks.rig.Operation;

/** What the project promises itself; docs/benchmarks.md says why. */
final class Goals {
    private static final String NATIVE = "native";
    private static final String NATIVE_BY_URI = "native by URI";
    private static final String NATIVE_V_OFF = "native, V off";
    private static final String P11_KIT = "p11-kit";
    private static final String SOCKET = "p11-kit socket";
    private static final String SOCKET_V_OFF = "p11-kit socket, V off";
    private static final String DIRECT = "direct";

    private Goals() {}

    static List<Goal> all() {
        return Stream.of(rsa(), p256(), socket(), starts(), rest(), commands())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Goal> rsa() {
        return List.of(
                rate(
                        "RSA-2048, 1 client, native / direct",
                        one(Operation.RSA, NATIVE),
                        one(Operation.RSA, DIRECT),
                        0.90),
                rate(
                        "RSA-2048, 16 clients, native / direct with 16 threads",
                        programs(Operation.RSA, NATIVE),
                        threads(Operation.RSA, DIRECT),
                        0.85),
                rate(
                        "RSA-2048, 1 client, native / p11-kit",
                        one(Operation.RSA, NATIVE),
                        one(Operation.RSA, P11_KIT),
                        1.0),
                rate(
                        "RSA-2048, 16 programs, native / p11-kit",
                        programs(Operation.RSA, NATIVE),
                        programs(Operation.RSA, P11_KIT),
                        1.0));
    }

    private static List<Goal> p256() {
        return List.of(
                rate(
                        "P-256, 1 client, native / p11-kit, V off",
                        one(Operation.P256, NATIVE_V_OFF),
                        one(Operation.P256, P11_KIT),
                        1.1),
                rate(
                        "P-256, 1 client, native / p11-kit",
                        one(Operation.P256, NATIVE),
                        one(Operation.P256, P11_KIT),
                        0.8),
                rate(
                        "P-256, 16 programs, native / p11-kit, V off",
                        programs(Operation.P256, NATIVE_V_OFF),
                        programs(Operation.P256, P11_KIT),
                        1.2),
                rate(
                        "P-256, 16 programs, native / p11-kit",
                        programs(Operation.P256, NATIVE),
                        programs(Operation.P256, P11_KIT),
                        0.9));
    }

    private static List<Goal> socket() {
        return List.of(
                rate(
                        "P-256, p11-kit-client.so, 1 thread, tokend / p11-kit server, V off",
                        one(Operation.P256, SOCKET_V_OFF),
                        one(Operation.P256, P11_KIT),
                        0.85),
                rate(
                        "P-256, p11-kit-client.so, 16 threads on one connection, V off",
                        threads(Operation.P256, SOCKET_V_OFF),
                        threads(Operation.P256, P11_KIT),
                        1.1),
                rate(
                        "P-256, p11-kit-client.so, 16 programs, V off",
                        programs(Operation.P256, SOCKET_V_OFF),
                        programs(Operation.P256, P11_KIT),
                        1.0));
    }

    private static List<Goal> starts() {
        return List.of(
                atMost(
                        "64 programs at once that fail to open the token, native",
                        new Point(Storm.FAILED, Storm.SITUATION, NATIVE),
                        0),
                atMost(
                        "64 programs at once that fail to open the token, p11-kit socket",
                        new Point(Storm.FAILED, Storm.SITUATION, SOCKET),
                        0),
                atMost(
                        "fresh program to first signature through p11-kit-client.so, tokend / p11-kit server",
                        new Point(FirstSignature.WHAT, FirstSignature.SITUATION, SOCKET),
                        new Point(FirstSignature.WHAT, FirstSignature.SITUATION, P11_KIT),
                        0.6),
                atMost(
                        "the same, 500 keys on the token, tokend / direct load and login",
                        new Point(FirstSignature.WHAT, KeyLookup.situation(500), SOCKET),
                        new Point(FirstSignature.WHAT, KeyLookup.situation(500), DIRECT),
                        0.6),
                atMost(
                        "p50 of a P-256 signature, 5,000 keys / 5 keys on the token",
                        new Point(KeyLookup.P50, KeyLookup.situation(5_000), NATIVE),
                        new Point(KeyLookup.P50, KeyLookup.situation(5), NATIVE),
                        1.1),
                atMost(
                        "the same, the key named by a URI",
                        new Point(KeyLookup.P50, KeyLookup.situation(5_000), NATIVE_BY_URI),
                        new Point(KeyLookup.P50, KeyLookup.situation(5), NATIVE_BY_URI),
                        1.1),
                atMost(
                        "cold start to READY, ms",
                        new Point(ColdStart.WHAT, ColdStart.SITUATION, ColdStart.SUBJECT),
                        1_000));
    }

    private static List<Goal> rest() {
        Point atRest = new Point(Memory.RESIDENT, Memory.REST, Memory.SUBJECT);
        return List.of(
                atMost("resident memory of daemon and hosts at rest, MiB", atRest, 160),
                new Goal.Difference(
                        "more with 1,000 idle connections, MiB",
                        new Point(Memory.RESIDENT, Memory.IDLE, Memory.SUBJECT),
                        atRest,
                        new Bound.AtMost(30)),
                atMost("CPU at rest after work, % of a core", new Point(Memory.CPU, Memory.BUSY, Memory.SUBJECT), 0.2));
    }

    private static List<Goal> commands() {
        return List.of(
                atMost(
                        Commands.LISTING + ", tokend / p11-kit server",
                        new Point(Commands.WHAT, Commands.LISTING, SOCKET),
                        new Point(Commands.WHAT, Commands.LISTING, P11_KIT),
                        0.7),
                atMost(
                        Commands.NSS_SIGN + ", tokend / p11-kit server",
                        new Point(Commands.WHAT, Commands.NSS_SIGN, SOCKET),
                        new Point(Commands.WHAT, Commands.NSS_SIGN, P11_KIT),
                        0.7),
                atMost(
                        "tokenctl smime sign of 1 KiB, ms",
                        new Point(Commands.WHAT, Commands.SMALL, "tokenctl smime sign"),
                        350),
                perByte("smime sign of 64 MiB", "tokenctl smime sign", "openssl cms -sign"),
                perByte("smime decrypt of 64 MiB", "tokenctl smime decrypt", "openssl cms -decrypt"));
    }

    /** Throughput: the start of either program is in the goal above it, and in what the smaller mail takes. */
    private static Goal perByte(String what, String subject, String peer) {
        return new Goal.Slopes(
                what + " less that of 1 KiB, tokenctl / openssl cms", span(subject), span(peer), new Bound.AtMost(1));
    }

    private static Goal.Span span(String subject) {
        return new Goal.Span(
                new Point(Commands.WHAT, Commands.LARGE, subject), new Point(Commands.WHAT, Commands.SMALL, subject));
    }

    private static Goal atMost(String text, Point point, double limit) {
        return new Goal.Figure(text, point, new Bound.AtMost(limit));
    }

    private static Goal atMost(String text, Point numerator, Point denominator, double limit) {
        return new Goal.Ratio(text, numerator, denominator, new Bound.AtMost(limit));
    }

    private static Goal rate(String text, Point numerator, Point denominator, double atLeast) {
        return new Goal.Ratio(text, numerator, denominator, new Bound.AtLeast(atLeast));
    }

    private static Point one(Operation operation, String subject) {
        return new Point(Throughput.RATE, Throughput.situation(operation, 1, ""), subject);
    }

    private static Point threads(Operation operation, String subject) {
        return new Point(Throughput.RATE, Throughput.situation(operation, 16, "threads"), subject);
    }

    private static Point programs(Operation operation, String subject) {
        return new Point(Throughput.RATE, Throughput.situation(operation, 16, "programs"), subject);
    }
}
