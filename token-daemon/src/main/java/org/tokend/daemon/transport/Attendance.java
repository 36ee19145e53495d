package org.tokend.daemon.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.pkcs11.linux.Arrivals;
import org.tokend.pkcs11.linux.Crowd;

/**
 * Gives a connection a thread for as long as something is said on it; one thread watches all the others. A thread costs more
 * memory than all else that belongs to a connection, and most connections are idle.
 */
final class Attendance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);
    /** Enough for the deepest path, decoding and Bouncy Castle included. */
    private static final long STACK_BYTES = 512 * 1024L;
    /** How long a thread waits for another connection. */
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final ConnectionHandler handler;
    private final ConnectionTable table;
    private final Crowd crowd;
    private final Refusals refusals;
    private final Arrivals arrivals = Arrivals.open();
    private final Map<Long, Visit> watched = new ConcurrentHashMap<>();
    private final AtomicLong lastName = new AtomicLong();
    private final ThreadPoolExecutor threads;

    /** A connection and what is said on it. */
    private record Visit(Connection connection, Dialogue dialogue) {}

    Attendance(ConnectionHandler handler, ConnectionTable table, Crowd crowd, Refusals refusals) throws IOException {
        this.handler = handler;
        this.table = table;
        this.crowd = crowd;
        this.refusals = refusals;
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                KEPT.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("peer").daemon().stackSize(STACK_BYTES).factory());
    }

    void start() {
        Thread.ofPlatform().name("watch").daemon().start(this::watchAll);
    }

    /** Takes over a connection that is in the table. */
    void begin(Connection connection) {
        Visit silent = new Visit(connection, () -> false);
        onThread(silent, () -> open(silent));
    }

    private void open(Visit silent) {
        Visit visit = silent;
        try {
            visit = new Visit(silent.connection, handler.open(silent.connection));
        } catch (IOException e) {
            lost(silent.connection, e);
        } catch (RuntimeException e) {
            dropped(silent.connection, e);
        }
        if (visit == silent) {
            end(silent);
        } else if (visit.connection.hasInput()) {
            serve(visit);
        } else {
            watch(visit);
        }
    }

    private void serve(Visit visit) {
        boolean stays = false;
        try {
            stays = visit.dialogue.serve();
        } catch (IOException e) {
            lost(visit.connection, e);
        } catch (RuntimeException e) {
            dropped(visit.connection, e);
        } finally {
            if (!stays) {
                end(visit);
            }
        }
        if (stays) {
            watch(visit);
        }
    }

    private void watch(Visit visit) {
        Long name = lastName.incrementAndGet();
        watched.put(name, visit);
        try {
            if (arrivals.watch(visit.connection.descriptor(), name)) {
                return;
            }
        } catch (IOException e) {
            LOG.warn("peer=unwatched reason=\"{}\"", e.getMessage());
            visit.connection.close();
        }
        resume(name);
    }

    private void watchAll() {
        try (arrivals) {
            resumeUntilEnd();
        }
        // They have been closed, which they find out by reading.
        watched.keySet().forEach(this::resume);
    }

    private void resumeUntilEnd() {
        try {
            long[] names;
            while ((names = arrivals.await()).length > 0) {
                Arrays.stream(names).forEach(this::resume);
            }
        } catch (IOException e) {
            LOG.error("watch=failed", e);
            close();
        }
    }

    /** Only once for each name. */
    private void resume(long name) {
        Visit visit = watched.remove(name);
        if (visit != null) {
            onThread(visit, () -> serve(visit));
        }
    }

    private void onThread(Visit visit, Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The kernel gives no more threads: this peer is turned away, the others go on.
            end(visit);
            refusals.log(visit.connection.peer(), "no thread can be started");
        }
    }

    private void end(Visit visit) {
        try {
            visit.dialogue.close();
        } catch (IOException e) {
            lost(visit.connection, e);
        } catch (RuntimeException e) {
            dropped(visit.connection, e);
        } finally {
            table.remove(visit.connection);
            crowd.left(visit.connection);
            visit.connection.release();
        }
    }

    private static void lost(Connection connection, IOException reason) {
        LOG.debug("peer=lost pid={} reason=\"{}\"", connection.peer().pid(), reason.getMessage());
    }

    private static void dropped(Connection connection, RuntimeException reason) {
        LOG.error("peer=dropped pid={}", connection.peer().pid(), reason);
    }

    /** When all connections have been closed: what is said on them ends. */
    @Override
    public void close() {
        try {
            arrivals.end();
        } catch (IOException e) {
            LOG.warn("watch=left reason=\"{}\"", e.getMessage());
        }
    }
}
