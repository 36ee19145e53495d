package org.tokend.benchmarks.experiment;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Clients;
import org.tokend.benchmarks.rig.Operation;
import org.tokend.benchmarks.rig.Pause;
import org.tokend.benchmarks.rig.ProcessFacts;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.RigException;
import org.tokend.benchmarks.rig.Setting;
import org.tokend.fixtures.daemon.DaemonFixture;

/** What the daemon, its host and the spare one cost when nobody asks for anything: memory and CPU time. */
public final class Memory implements Experiment {
    public static final String RESIDENT = "resident memory";
    public static final String PROPORTIONAL = "proportional memory";
    public static final String CPU = "CPU at rest";
    public static final String REST = "at rest";
    public static final String BUSY = "at rest after work";
    public static final String IDLE = "1,000 idle connections";
    public static final String SUBJECT = "tokend and hosts";

    private static final int CONNECTIONS = 1_000;
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private static final Duration WORK = Duration.ofSeconds(4);

    /** The compilers have done with what was used, and the JVMs have given back what they had taken for it. */
    private static final Duration REST_BEGINS = Duration.ofSeconds(15);

    @Override
    public String title() {
        return "memory and CPU at rest";
    }

    @Override
    public void run(Rig rig, Scale scale, Results results) {
        try (DaemonFixture daemon = rig.freshDaemon(Setting.SHIPPED)) {
            daemon.restart();
            signOnce(rig, daemon, Duration.ofMillis(20));
            Pause.of(REST_BEGINS);
            addMemory(daemon, REST, results);
            addCpu(daemon, REST, scale, results);
            withIdleConnections(daemon, results);
            signOnce(rig, daemon, WORK);
            Pause.of(SETTLING);
            addMemory(daemon, BUSY, results);
            Pause.of(REST_BEGINS.minus(SETTLING));
            addCpu(daemon, BUSY, scale, results);
        }
    }

    /** The token is unlocked, and the classes that a signature needs are loaded. */
    private static void signOnce(Rig rig, DaemonFixture daemon, Duration howLong) {
        try (Clients clients = rig.installation().load().programs(rig.nativeSocket(daemon), 1)) {
            clients.run(Operation.P256, howLong);
        }
    }

    private static void withIdleConnections(DaemonFixture daemon, Results results) {
        List<SocketChannel> connections = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                connections.add(channel);
                channel.connect(UnixDomainSocketAddress.of(daemon.socket()));
            }
            Pause.of(SETTLING);
            addMemory(daemon, IDLE, results);
        } catch (IOException e) {
            throw new RigException("the daemon does not take " + CONNECTIONS + " connections", e);
        } finally {
            connections.forEach(Memory::close);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new RigException("a connection cannot be closed", e);
        }
    }

    private static void addMemory(DaemonFixture daemon, String situation, Results results) {
        add(daemon, RESIDENT, situation, ProcessFacts::residentMebibytes, results);
        add(daemon, PROPORTIONAL, situation, ProcessFacts::proportionalMebibytes, results);
    }

    private static void add(
            DaemonFixture daemon,
            String what,
            String situation,
            ToDoubleFunction<ProcessFacts> figure,
            Results results) {
        double own = figure.applyAsDouble(new ProcessFacts(daemon.pid()));
        double children = daemon.children().stream()
                .mapToDouble(child -> figure.applyAsDouble(new ProcessFacts(child.pid())))
                .sum();
        results.add(new Measurement(what, situation, "tokend", "MiB", List.of(own)));
        results.add(new Measurement(what, situation, "its hosts", "MiB", List.of(children)));
        results.add(new Measurement(what, situation, SUBJECT, "MiB", List.of(own + children)));
    }

    private static void addCpu(DaemonFixture daemon, String situation, Scale scale, Results results) {
        results.add(new Measurement(CPU, situation, SUBJECT, "%", List.of(cpuPercent(daemon, scale.rest()))));
    }

    private static double cpuPercent(DaemonFixture daemon, Duration howLong) {
        double before = cpuSeconds(daemon);
        long begin = System.nanoTime();
        Pause.of(howLong);
        double seconds = (System.nanoTime() - begin) / 1e9;
        return 100 * (cpuSeconds(daemon) - before) / seconds;
    }

    private static double cpuSeconds(DaemonFixture daemon) {
        return new ProcessFacts(daemon.pid()).cpuSeconds()
                + daemon.children().stream()
                        .mapToDouble(child -> new ProcessFacts(child.pid()).cpuSeconds())
                        .sum();
    }
}
