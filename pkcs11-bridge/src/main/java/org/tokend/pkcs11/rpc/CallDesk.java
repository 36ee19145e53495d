package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.tokend.pkcs11.linux.Arrivals;
import org.tokend.pkcs11.linux.BriefWatch;
import org.tokend.pkcs11.linux.Crowd;
import org.tokend.pkcs11.linux.ThreadClock;

/**
 * Where the calls of many connections are answered. One of its threads leads: it waits for what arrives, and answers it itself, one
 * connection after the other. Short calls never run side by side: threads that call a module at the same time take the processors'
 * caches and the module's own locks from each other, so that sixteen callers are served half as fast by sixteen threads as by one.
 * Of calls that compute for longer as many run as there are processors; those that wait for a device, or for a person, leave the
 * lead to another thread first.
 */
public final class CallDesk {
    /** While one program works, its next request comes within this time: a verification, two wake-ups and its own work. */
    private static final long NEXT_REQUEST_NANOS = 400_000;

    private final Arrivals arrivals;
    private final CallPace pace;
    private final Supplier<BriefWatch> watches;
    private final List<Seat> seats = new ArrayList<>();
    private final Crowd crowd = new Crowd();
    private final Queue<Seat> arrived = new ConcurrentLinkedQueue<>();

    /** Written by who holds the monitor of this. */
    private volatile int leaders;

    /** @param watches one for each thread */
    CallDesk(Arrivals arrivals, CallPace pace, Supplier<BriefWatch> watches) {
        this.arrivals = arrivals;
        this.pace = pace;
        this.watches = watches;
    }

    public static CallDesk open() throws IOException {
        return new CallDesk(
                Arrivals.open(),
                new CallPace(Runtime.getRuntime().availableProcessors()),
                () -> new BriefWatch(NEXT_REQUEST_NANOS));
    }

    /** Adds a connection, before any thread works. @param descriptor of its socket */
    public void serve(int descriptor, RpcServer server) throws IOException {
        seats.add(new Seat(server));
        arrivals.watchOn(descriptor, seats.size() - 1);
    }

    /**
     * Answers calls without end, together with the other threads that do.
     *
     * @throws IOException when a connection broke inside a frame, or a frame was over the bounds
     */
    public void work() throws IOException {
        Worker worker = new Worker();
        enter();
        while (true) {
            worker.serve(worker.next());
        }
    }

    /** Waits for the lead. What was taken and cannot be answered at once by who leads needs one more. */
    private synchronized void enter() {
        while (leaders >= pace.leaders() && arrived.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a thread of a module host", e);
            }
        }
        leaders++;
    }

    private synchronized void leave() {
        leaders--;
        notify();
    }

    private synchronized void callOthers() {
        if (leaders < pace.leaders()) {
            notify();
        }
    }

    private boolean areTooManyLeaders() {
        return leaders > pace.leaders() && arrived.isEmpty();
    }

    /** One connection. The server belongs to the thread that has taken it. */
    private static final class Seat {
        private final RpcServer server;
        private boolean taken;

        /** Whether something may have arrived since it was taken. */
        private boolean again;

        Seat(RpcServer server) {
            this.server = server;
        }

        /** @return false when another thread has it, which will look once more then */
        synchronized boolean take() {
            again = taken;
            taken = true;
            return !again;
        }

        /** @return false when something may have arrived since; it stays taken then */
        synchronized boolean leave() {
            taken = again;
            again = false;
            return !taken;
        }
    }

    /** One thread, and how it runs what it runs now. */
    private final class Worker implements RpcServer.CallObserver {
        private final Arrivals.Watcher watcher = arrivals.watcher();
        private final BriefWatch watch = watches.get();
        private final ThreadClock clock = new ThreadClock();

        /** Whether the connection that was answered last has been the only one lately. */
        private boolean alone;

        private boolean leads = true;
        private boolean measures;
        private long begin;
        private long processorBegin;

        /** A connection at which something has arrived, and which nobody else has. */
        Seat next() throws IOException {
            while (true) {
                Seat seat = arrived.poll();
                if (seat == null) {
                    await();
                } else if (seat.take()) {
                    return seat;
                }
            }
        }

        private void await() throws IOException {
            if (areTooManyLeaders()) {
                CallDesk.this.leave();
                enter();
                return;
            }
            // Who leads alone answers all; who does not leaves to others what he cannot answer at once.
            int most = pace.leaders() == 1 ? Arrivals.MOST : 1;
            watch.await(() -> alone, () -> add(watcher.now(most)), () -> add(watcher.await(most)));
        }

        private long add(long[] names) {
            for (long name : names) {
                arrived.add(seats.get((int) name));
            }
            return names.length;
        }

        void serve(Seat seat) throws IOException {
            alone = crowd.isOneFor(seat);
            boolean open;
            do {
                open = seat.server.serveArrived(this);
            } while (open && !seat.leave());
            if (!open) {
                // Taken for ever.
                seat.server.close();
            }
            if (!leads) {
                enter();
                leads = true;
            }
        }

        @Override
        public void begins(Call call) {
            if (leads) {
                switch (pace.begins(call, alone)) {
                    case SHORT -> {}
                    case COMPUTING -> callOthers();
                    case WAITING -> {
                        leads = false;
                        CallDesk.this.leave();
                    }
                }
            }
            measures = pace.of(call).isDue();
            if (measures) {
                processorBegin = clock.nanos();
                begin = System.nanoTime();
            }
        }

        @Override
        public void ended(Call call) {
            if (measures) {
                pace.of(call).took(System.nanoTime() - begin, clock.nanos() - processorBegin);
            }
        }
    }
}
