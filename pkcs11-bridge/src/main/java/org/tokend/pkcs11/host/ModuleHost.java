package org.tokend.pkcs11.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.LocalCryptoki;
import org.tokend.pkcs11.linux.Descriptor;
import org.tokend.pkcs11.linux.ProcessProtection;
import org.tokend.pkcs11.rpc.AheadSessions;
import org.tokend.pkcs11.rpc.CallDesk;
import org.tokend.pkcs11.rpc.RpcServer;

/**
 * The main class of a module host: one process, one PKCS#11 module. Descriptor 3 is the control channel, those behind it are
 * connections, the last one is a socket that these share, and there are as many threads as connections. It ends when the daemon does,
 * by whatever way.
 */
public final class ModuleHost {
    static final int CONTROL = 3;

    /** First text of the answer when the module could be loaded. */
    static final String LOADED = "loaded";

    private static final int SIGKILL = 9;

    private ModuleHost() {}

    /** The control channel, the connections, and the one that they share. */
    static int sockets(int connections) {
        return connections + 2;
    }

    /** @param arguments how many connections were inherited */
    public static void main(String[] arguments) throws IOException {
        ProcessProtection.dieWithParent(SIGKILL);
        ProcessProtection.forbidInspection();
        ProcessProtection.forbidNewPrivileges();
        int connections = Integer.parseInt(arguments[0]);
        int sockets = sockets(connections);
        for (int i = 0; i < sockets; i++) {
            Descriptor.closeOnExec(CONTROL + i);
        }
        try (ControlChannel control = new ControlChannel(new Descriptor(CONTROL))) {
            RpcServer.warmUp();
            serve(control, LoadOrder.of(control.receive()), connections);
            // Nothing more is ever said on it: this returns when the daemon is gone.
            control.receive();
        } catch (IOException daemonHasEnded) {
            // Below.
        }
        // The module is not unwound: C_Finalize and exit handlers are where modules crash.
        Runtime.getRuntime().halt(0);
    }

    private static void serve(ControlChannel control, LoadOrder order, int connections) throws IOException {
        LocalCryptoki module;
        try {
            module = order.wrapper().open(Path.of(order.file()), order.reserved());
        } catch (CryptokiException e) {
            control.send(List.of(String.valueOf(e.getMessage())));
            return;
        }
        Lock onlyOne = new ReentrantLock(true);
        Supplier<Lock> turns = module.threadSafe() ? ReentrantLock::new : () -> onlyOne;
        AheadSessions ahead = new AheadSessions();
        CallDesk desk = CallDesk.open(new Descriptor(CONTROL + sockets(connections) - 1));
        for (int i = 1; i <= connections; i++) {
            desk.serve(new Descriptor(CONTROL + i), wire -> new RpcServer(wire, module, turns.get(), ahead));
        }
        for (int i = 1; i <= connections; i++) {
            Thread.ofPlatform().name("call-" + i).start(() -> work(desk));
        }
        control.send(List.of(LOADED, Boolean.toString(module.threadSafe())));
    }

    private static void work(CallDesk desk) {
        try {
            desk.work();
        } catch (IOException e) {
            // A daemon that breaks off in the middle of a frame is no daemon of ours any more.
            Runtime.getRuntime().halt(1);
        }
    }
}
