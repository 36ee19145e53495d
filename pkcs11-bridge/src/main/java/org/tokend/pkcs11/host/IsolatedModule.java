package org.tokend.pkcs11.host;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * A module in a process of its own. One thread starts hosts and waits for their end, one host after the other; it lives as
 * long as this object, because a host dies with the thread that started it. Whoever finds a host gone or too slow kills it
 * on the spot; the next one is started in the background, while the module is in use from a spare process that has come up already.
 */
public final class IsolatedModule implements Pkcs11Module {
    /** How long a caller waits for a host to come up. */
    private static final Duration START = Duration.ofSeconds(25);

    /** Who signs a second mail does so within that time. */
    private static final Duration SPARE_KEPT = Duration.ofSeconds(8);

    private static final Duration BETWEEN_LOOKS_AT_SPARE = Duration.ofSeconds(3);

    private static final int MOST_CRASHES = 5;

    /** Ordered by whoever uses the module, because a token was pulled or does not answer sensibly. */
    private static final int MOST_RESTARTS = 20;

    private final ModuleSettings settings;
    private final HostLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StartLimit crashes = new StartLimit(MOST_CRASHES);
    private final StartLimit restarts = new StartLimit(MOST_RESTARTS);
    private final Thread supervisor;

    // Guarded by lock.
    private boolean wanted;
    private boolean closed;
    private long generation = 1;
    private int failedStarts;
    private boolean ordered;
    private @Nullable HostProcess starting;
    private @Nullable Running running;
    private @Nullable String lastEnding;

    /** Only the supervisor touches it. */
    private final SpareHost spare;

    private record Running(HostProcess host, HostConnections connections, long generation) {}

    public IsolatedModule(ModuleSettings settings, HostLog log) {
        this.settings = settings;
        this.log = log;
        this.spare = new SpareHost(settings, SPARE_KEPT);
        this.supervisor =
                Thread.ofPlatform().daemon().name("module " + settings.name()).start(this::supervise);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Cryptoki connect() throws CryptokiException {
        return awaitRunning().connections.lend();
    }

    private Running awaitRunning() throws CryptokiException {
        long remaining = START.toNanos();
        lock.lock();
        try {
            int failedBefore = failedStarts;
            while (running == null) {
                refuseWhenHopeless();
                if (failedStarts != failedBefore) {
                    throw unavailable(String.valueOf(lastEnding));
                }
                wanted = true;
                changed.signalAll();
                if (remaining <= 0) {
                    throw unavailable("its host does not come up");
                }
                remaining = changed.awaitNanos(remaining);
            }
            return running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while its host was starting");
        } finally {
            lock.unlock();
        }
    }

    private void refuseWhenHopeless() throws CryptokiException {
        if (closed) {
            throw unavailable("it has been closed");
        }
        long wait = waitNanos();
        if (crashes.tripped() && wait > 0) {
            throw unavailable("its host ended " + MOST_CRASHES + " times within " + StartLimit.WINDOW.toSeconds()
                    + " s, the last time: " + lastEnding + "; it is started again in "
                    + Math.max(1, TimeUnit.NANOSECONDS.toSeconds(wait)) + " s");
        }
    }

    private long waitNanos() {
        long now = System.nanoTime();
        return Math.max(crashes.waitNanos(now), restarts.waitNanos(now));
    }

    private CryptokiException unavailable(String why) {
        return new CryptokiException(
                "connect", CKR.GENERAL_ERROR, "module " + settings.name() + " is not available: " + why);
    }

    @Override
    public long generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void restart(long ended, String reason) {
        end(ended, reason, true);
    }

    /** Ends the generation first, so that nobody is lent a connection to a host that is being killed. */
    private void end(long ended, String reason, boolean byOrder) {
        Running current;
        lock.lock();
        try {
            current = running;
            if (current == null || current.generation != ended) {
                return;
            }
            running = null;
            generation++;
            ordered = byOrder;
        } finally {
            lock.unlock();
        }
        log.ending(settings.name(), reason);
        current.host.kill();
    }

    @Override
    public void used() {
        spare.used();
    }

    @Override
    public int maxConnections() {
        return settings.connections();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (starting != null) {
                starting.kill();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        restart(generation(), "the daemon lets go of it");
        try {
            supervisor.join(START);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        try {
            while (awaitOrder()) {
                tryOneHost();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            spare.drop();
        }
    }

    /** Waits until a host is wanted and may be started. @return false when the module is closed */
    private boolean awaitOrder() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long wait = waitNanos();
                if (!wanted) {
                    changed.await();
                } else if (wait > 0) {
                    long ignored = changed.awaitNanos(wait);
                } else {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Whatever happens: the thread has to be there for the next attempt. */
    private void tryOneHost() {
        try {
            runOneHost();
        } catch (IOException e) {
            startFailed("its host cannot be started: " + e.getMessage());
        } catch (CryptokiException e) {
            startFailed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            startFailed("it has no host, by a defect of tokend: " + e);
        }
    }

    private void runOneHost() throws IOException, CryptokiException {
        HostProcess host = spare.take();
        HostConnections connections = null;
        try {
            begin(host);
            boolean threadSafe = host.load(LoadOrder.of(settings));
            connections = publish(host, threadSafe);
            do {
                spare.fit();
            } while (!host.awaitEnd(BETWEEN_LOOKS_AT_SPARE));
            hostEnded(host.end());
        } finally {
            String ignored = host.end();
            if (connections != null) {
                connections.end();
            } else {
                host.closeAll();
            }
        }
    }

    private void begin(HostProcess host) {
        lock.lock();
        try {
            starting = host;
            if (closed) {
                host.kill();
            }
        } finally {
            lock.unlock();
        }
    }

    private HostConnections publish(HostProcess host, boolean threadSafe) throws IOException {
        lock.lock();
        try {
            long ofThis = generation;
            HostConnections connections = new HostConnections(
                    settings, host, threadSafe, loss -> end(ofThis, String.valueOf(loss.getMessage()), false));
            starting = null;
            ordered = false;
            if (closed) {
                host.kill();
            } else {
                log.started(settings.name(), host.pid());
                running = new Running(host, connections, ofThis);
            }
            changed.signalAll();
            return connections;
        } finally {
            lock.unlock();
        }
    }

    private void hostEnded(String how) {
        lock.lock();
        try {
            withdraw();
            lastEnding = how;
            (ordered ? restarts : crashes).ended(System.nanoTime());
            log.ended(settings.name(), how);
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is lent a connection any more; by who holds the lock. */
    private void withdraw() {
        if (running != null) {
            running = null;
            generation++;
        }
    }

    /** Not tried again before somebody asks. */
    private void startFailed(String why) {
        lock.lock();
        try {
            starting = null;
            withdraw();
            wanted = false;
            failedStarts++;
            lastEnding = why;
            crashes.ended(System.nanoTime());
            log.ended(settings.name(), why);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
