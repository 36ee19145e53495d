package org.tokend.pkcs11.host;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.linux.ChildProcess;
import org.tokend.pkcs11.linux.Descriptor;
import org.tokend.pkcs11.linux.SocketPair;

/** A running module host, seen from the daemon: its process and our ends of its sockets. */
final class HostProcess {
    /** Until a JVM is up and the module is loaded, on a slow machine and with a module that looks for readers. */
    private static final Duration LOAD_DEADLINE = Duration.ofSeconds(20);

    private static final long KILL_MILLIS = 2000;

    private final String name;
    private final ChildProcess process;
    private final ControlChannel control;
    private final List<Descriptor> connections;
    private final Descriptor shared;

    private HostProcess(
            String name,
            ChildProcess process,
            ControlChannel control,
            List<Descriptor> connections,
            Descriptor shared) {
        this.name = name;
        this.process = process;
        this.control = control;
        this.connections = connections;
        this.shared = shared;
    }

    /**
     * Starts the process. The kernel ends it together with the calling thread, which therefore must live as long as the host
     * shall.
     */
    static HostProcess start(ModuleSettings settings) throws IOException {
        List<SocketPair> pairs = new ArrayList<>();
        boolean started = false;
        try {
            int sockets = ModuleHost.sockets(settings.connections());
            for (int i = 0; i < sockets; i++) {
                pairs.add(SocketPair.open());
            }
            ChildProcess process = ChildProcess.start(
                    HostCommand.line(settings.connections()),
                    HostCommand.environment(settings.environment()),
                    pairs.stream().map(SocketPair::there).toList());
            started = true;
            List<Descriptor> ours = pairs.stream().map(SocketPair::here).toList();
            return new HostProcess(
                    settings.name(),
                    process,
                    new ControlChannel(ours.getFirst()),
                    ours.subList(1, ours.size() - 1),
                    ours.getLast());
        } finally {
            for (SocketPair pair : pairs) {
                pair.there().close();
                if (!started) {
                    pair.here().close();
                }
            }
        }
    }

    /**
     * Has the module loaded.
     *
     * @return whether it may be called by several threads at once
     * @throws CryptokiException CKR_GENERAL_ERROR with what the loader or C_Initialize said
     */
    boolean load(LoadOrder order) throws CryptokiException {
        try {
            control.timeout(LOAD_DEADLINE.toMillis());
            control.send(order.texts());
            List<String> answer = control.receive();
            if (answer.size() == 2 && answer.getFirst().equals(ModuleHost.LOADED)) {
                return Boolean.parseBoolean(answer.get(1));
            }
            throw failure(String.join(" ", answer));
        } catch (SocketTimeoutException e) {
            throw failure("it was not ready within " + LOAD_DEADLINE.toSeconds() + " s");
        } catch (IOException e) {
            throw failure("its host ended while loading it (" + end() + ")");
        }
    }

    private CryptokiException failure(String why) {
        return new CryptokiException("C_Initialize", CKR.GENERAL_ERROR, "module " + name + " cannot be loaded: " + why);
    }

    /** Besides the connections; closed by who uses it. */
    Descriptor shared() {
        return shared;
    }

    Descriptor connection(int index) {
        return connections.get(index);
    }

    boolean alive() {
        return process.alive();
    }

    int pid() {
        return process.pid();
    }

    /** @return whether the host has ended or has been killed; false when it has not within that time */
    boolean awaitEnd(Duration longest) {
        return process.awaitEndOr(control.socket(), (int) longest.toMillis());
    }

    /** Ends the host and what it started, and wakes all who wait for it. From any thread, as often as one likes. */
    void kill() {
        process.kill();
        control.shutdown();
        connections.forEach(Descriptor::shutdown);
        shared.shutdown();
    }

    /** Kills it and says how it ended. */
    String end() {
        kill();
        return process.awaitEnd(KILL_MILLIS);
    }

    /** Closes our ends of all sockets of a host that nobody has called. */
    void closeAll() {
        closeFrom(0);
        shared.close();
    }

    /** Closes our ends of the control channel and of the connections that nobody has opened. */
    void closeFrom(int firstUnused) {
        control.close();
        connections.subList(firstUnused, connections.size()).forEach(Descriptor::close);
    }
}
