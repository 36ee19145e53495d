package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tokend.pkcs11.linux.Arrivals;
import org.tokend.pkcs11.linux.BriefWatch;
import org.tokend.pkcs11.linux.Crowd;
import org.tokend.pkcs11.linux.Descriptor;
import org.tokend.pkcs11.linux.ThreadClock;

/**
 * Where the calls of many connections are answered. One of its threads leads: it waits for what arrives, and answers it itself, one
 * connection after the other. Short calls never run side by side: threads that call a module at the same time take the processors'
 * caches and the module's own locks from each other, so that sixteen callers are served half as fast by sixteen threads as by one.
 * Of calls that compute for longer as many run as there are processors; those that wait for a device, or for a person, leave the
 * lead to another thread first. What came over the socket that the connections share is answered together, as far as nobody has to
 * wait for it.
 */
public final class CallDesk {
    /** While one program works, its next request comes within this time: a verification, two wake-ups and its own work. */
    private static final long NEXT_REQUEST_NANOS = 400_000;

    /** Among the names of arrivals; the others are the numbers of connections. */
    private static final long SHARED = -1;

    private static final long NUDGE = -2;

    private final Arrivals arrivals;
    private final CallPace pace;
    private final Supplier<BriefWatch> watches;
    private final SharedReplies shared;
    private final Nudge nudge;
    private final List<Seat> seats = new ArrayList<>();
    private final Crowd crowd = new Crowd();
    private final Queue<Seat> arrived = new ConcurrentLinkedQueue<>();

    /** Written by who holds the monitor of this. */
    private volatile int leaders;

    /** @param watches one for each thread @param shared by all connections */
    CallDesk(Arrivals arrivals, CallPace pace, Supplier<BriefWatch> watches, Descriptor shared) throws IOException {
        this.arrivals = arrivals;
        this.pace = pace;
        this.watches = watches;
        this.shared = new SharedReplies(shared);
        this.nudge = new Nudge();
        arrivals.watchOn(shared.number(), SHARED);
        arrivals.watchOn(nudge.descriptor(), NUDGE);
    }

    /** @param shared the socket that all connections have besides their own */
    public static CallDesk open(Descriptor shared) throws IOException {
        return new CallDesk(
                Arrivals.open(),
                new CallPace(Runtime.getRuntime().availableProcessors()),
                () -> new BriefWatch(NEXT_REQUEST_NANOS),
                shared);
    }

    /** Adds a connection, before any thread works. @param server made for what the connection's bytes come and go by */
    public void serve(Descriptor descriptor, Function<Wire, RpcServer> server) throws IOException {
        SeatWire wire = new SeatWire(new SocketWire(descriptor), shared, seats.size());
        seats.add(new Seat(wire, server.apply(wire)));
        arrivals.watchOn(descriptor.number(), seats.size() - 1);
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

    /** Also those who lead and sleep: of what came over the shared socket they have not been told. */
    private void callOthers() throws IOException {
        synchronized (this) {
            if (leaders < pace.leaders()) {
                notify();
            }
        }
        if (!arrived.isEmpty()) {
            nudge.give();
        }
    }

    private boolean areTooManyLeaders() {
        return leaders > pace.leaders() && arrived.isEmpty();
    }

    /** One connection. The server belongs to the thread that has taken it. */
    private static final class Seat {
        private final SeatWire wire;
        private final RpcServer server;
        private boolean taken;

        /** Whether something may have arrived since it was taken. */
        private boolean again;

        Seat(SeatWire wire, RpcServer server) {
            this.wire = wire;
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
            shared.flush();
            if (areTooManyLeaders()) {
                CallDesk.this.leave();
                enter();
                return;
            }
            // Who leads alone answers all; who does not leaves to others what he cannot answer at once.
            int most = pace.leaders() == 1 ? Arrivals.MOST : 1;
            watch.await(() -> alone, () -> add(watcher.now(most)), () -> add(watcher.await(most)));
        }

        private long add(long[] names) throws IOException {
            for (long name : names) {
                if (name == SHARED) {
                    shared.take(this::add);
                } else if (name == NUDGE) {
                    nudge.take();
                } else {
                    arrived.add(seats.get((int) name));
                }
            }
            return names.length;
        }

        private void add(int connection, MemorySegment bytes) throws IOException {
            if (connection < 0 || connection >= seats.size()) {
                throw new IOException("a request for no connection");
            }
            Seat seat = seats.get(connection);
            seat.wire.arrived(bytes);
            arrived.add(seat);
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
                shared.flush();
                enter();
                leads = true;
            }
        }

        @Override
        public void begins(Call call) throws IOException {
            if (leads) {
                switch (pace.begins(call, alone)) {
                    case SHORT -> {}
                    case COMPUTING -> {
                        shared.flush();
                        callOthers();
                    }
                    case WAITING -> {
                        shared.flush();
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
