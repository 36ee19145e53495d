package org.tokend.pkcs11.host;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.rpc.CrowdWire;
import org.tokend.pkcs11.rpc.HostTraffic;
import org.tokend.pkcs11.rpc.RpcConnection;
import org.tokend.pkcs11.rpc.RpcCryptoki;
import org.tokend.pkcs11.rpc.SharedSocket;
import org.tokend.pkcs11.rpc.SocketWire;
import org.tokend.pkcs11.rpc.SpinningWire;
import org.tokend.pkcs11.rpc.Wire;

/**
 * The connections to one host, lent to one thread each and opened when first needed. After the host has ended, a connection
 * is closed when it comes back: nobody else may close it while its borrower is inside a call.
 */
final class HostConnections {
    /** A signature of RSA-2048 in software is made in this time; what takes longer does not gain from being watched for. */
    private static final long LONGEST_WATCH = TimeUnit.MILLISECONDS.toNanos(1);

    private final ModuleSettings settings;
    private final HostProcess host;
    private final Supplier<Lock> turns;
    private final SharedSocket shared;
    private final HostTraffic traffic = new HostTraffic();
    private final Consumer<ConnectionLostException> onLoss;
    private final Semaphore free;
    private final Deque<RpcConnection> idle = new ArrayDeque<>();
    private int opened;
    private boolean ended;

    /** @param onLoss told by the thread that finds the host gone or too slow */
    HostConnections(
            ModuleSettings settings, HostProcess host, boolean threadSafe, Consumer<ConnectionLostException> onLoss)
            throws IOException {
        this.settings = settings;
        this.host = host;
        this.shared = new SharedSocket(
                host.shared(),
                settings.connections(),
                settings.name(),
                settings.deadlines().ordinary());
        this.onLoss = onLoss;
        this.free = new Semaphore(settings.connections(), true);
        Lock onlyOne = new ReentrantLock(true);
        this.turns = threadSafe ? ReentrantLock::new : () -> onlyOne;
    }

    Cryptoki lend() throws CryptokiException {
        await();
        boolean lent = false;
        try {
            RpcConnection connection = take();
            AtomicBoolean returned = new AtomicBoolean();
            lent = true;
            return new RpcCryptoki(connection, () -> {
                if (returned.compareAndSet(false, true)) {
                    giveBack(connection);
                }
            });
        } finally {
            if (!lent) {
                free.release();
            }
        }
    }

    private void await() throws CryptokiException {
        long millis = settings.deadlines().ordinary().toMillis();
        try {
            if (free.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new CryptokiException(
                "connect",
                CKR.GENERAL_ERROR,
                "all " + settings.connections() + " connections to module " + settings.name() + " stayed busy for "
                        + millis + " ms");
    }

    private RpcConnection take() throws CryptokiException {
        int index;
        synchronized (this) {
            RpcConnection connection = idle.pollFirst();
            if (connection != null) {
                return connection;
            }
            if (ended || opened == settings.connections()) {
                // The latter only when opening failed before: the host is as good as gone.
                throw new ConnectionLostException("connect", false);
            }
            index = opened++;
        }
        Wire crowd = new CrowdWire(new SocketWire(host.connection(index)), shared, index);
        Wire wire = new SpinningWire(crowd, traffic, LONGEST_WATCH);
        return RpcConnection.open(wire, settings.deadlines(), turns.get(), onLoss);
    }

    private void giveBack(RpcConnection connection) {
        if (!keep(connection)) {
            connection.close();
        }
        free.release();
    }

    private synchronized boolean keep(RpcConnection connection) {
        if (!ended) {
            idle.addFirst(connection);
        }
        return !ended;
    }

    /** The host has ended: closes what is not lent. */
    void end() {
        Deque<RpcConnection> toClose;
        synchronized (this) {
            ended = true;
            toClose = new ArrayDeque<>(idle);
            idle.clear();
        }
        toClose.forEach(RpcConnection::close);
        shared.end();
        host.closeFrom(opened());
    }

    private synchronized int opened() {
        return opened;
    }
}
