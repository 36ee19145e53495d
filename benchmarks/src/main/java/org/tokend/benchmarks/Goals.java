package org.tokend.benchmarks;

import java.util.List;
import org.tokend.benchmarks.experiment.FirstSignature;
import org.tokend.benchmarks.experiment.Storm;
import org.tokend.benchmarks.experiment.Throughput;
import org.tokend.benchmarks.result.Bound;
import org.tokend.benchmarks.result.Goal;
import org.tokend.benchmarks.result.Point;
import org.tokend.benchmarks.rig.Operation;

/** What the project promises itself; docs/benchmarks.md says why. */
final class Goals {
    private static final String NATIVE = "native";
    private static final String NATIVE_V_OFF = "native, V off";
    private static final String P11_KIT = "p11-kit";
    private static final String SOCKET = "p11-kit socket";
    private static final String SOCKET_V_OFF = "p11-kit socket, V off";
    private static final String DIRECT = "direct";

    private Goals() {}

    static List<Goal> all() {
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
                        1.0),
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
                        0.9),
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
                        1.0),
                new Goal.Figure(
                        "64 programs at once that fail to open the token, native",
                        new Point(Storm.FAILED, Storm.SITUATION, NATIVE),
                        new Bound.AtMost(0)),
                new Goal.Figure(
                        "64 programs at once that fail to open the token, p11-kit socket",
                        new Point(Storm.FAILED, Storm.SITUATION, SOCKET),
                        new Bound.AtMost(0)),
                new Goal.Ratio(
                        "fresh program to first signature through p11-kit-client.so, tokend / p11-kit server",
                        new Point(FirstSignature.WHAT, FirstSignature.SITUATION, SOCKET),
                        new Point(FirstSignature.WHAT, FirstSignature.SITUATION, P11_KIT),
                        new Bound.AtMost(0.6)));
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
