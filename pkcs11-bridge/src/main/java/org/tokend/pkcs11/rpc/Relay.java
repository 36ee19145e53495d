package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of a {@link Crew} do: the one that leads reads, and runs what it has read, alone or while another leads.
 */
final class Relay {
    /** Replies that are ready together travel together, up to this much. */
    private static final long TOGETHER = 16 << 10;

    /** How often a thread that reads while a call runs for long looks whether it has ended; only to save the thread. */
    private static final long RARELY_MILLIS = 30_000;

    private final Wire wire;
    /** Of whoever leads; another one after each rest. */
    private FrameReader in;

    private final Answers answers;
    private final CallWorkers workers;
    private final long idleMillis;
    private final Crew crew;
    private final Replies replies;
    private final Pace pace = new Pace();
    private final AtomicLong framesRead = new AtomicLong();
    private final AtomicReference<@Nullable IOException> broken = new AtomicReference<>();

    Relay(Wire wire, FrameReader in, Answers answers, CallWorkers workers, long idleMillis) {
        this.wire = wire;
        this.in = in;
        this.answers = answers;
        this.workers = workers;
        this.idleMillis = idleMillis;
        this.crew = new Crew(workers, this::leadForOwner);
        this.replies = new Replies(wire);
    }

    boolean isBusy() {
        return crew.isBusy();
    }

    /**
     * The thread that calls is the owner of the crew.
     *
     * @param reader with what has been read and not yet been served
     * @return true when nothing comes at present and no call runs: to be called again when something has come; false when the
     *     stream has ended, and all calls with it
     */
    boolean run(FrameReader reader) throws IOException {
        in = reader;
        do {
            if (lead(true)) {
                return true;
            }
        } while (crew.awaitTurn());
        IOException failure = broken.get();
        if (failure != null) {
            throw failure;
        }
        return false;
    }

    /**
     * Returns when somebody else leads, or nothing more will come.
     *
     * @return whether nobody needs to lead at present; true for the owner only
     */
    private boolean lead(boolean owner) {
        long patience = idleMillis;
        try {
            while (true) {
                wire.timeout(patience);
                FrameReader.Frame frame;
                try {
                    frame = in.read(wire::read);
                } catch (SocketTimeoutException idle) {
                    if (owner ? !crew.anyRunning() : crew.leaveToOwner()) {
                        return owner;
                    }
                    patience = RARELY_MILLIS;
                    continue;
                }
                if (frame == null) {
                    break;
                }
                if (!serveBurst(frame)) {
                    return false;
                }
                patience = idleMillis;
            }
        } catch (IOException e) {
            broken.set(e);
        } catch (WireFormatException e) {
            broken.set(new EOFException(e.getMessage()));
        } catch (RuntimeException | Error e) {
            broken.set(new IOException("a defect ended the connection", e));
        }
        crew.end();
        return false;
    }

    private void leadForOwner() {
        lead(false);
    }

    /** Serves a call and those that have arrived with it. @return whether the caller still leads */
    private boolean serveBurst(FrameReader.Frame first) throws IOException, WireFormatException {
        Station seat = workers.takeStation();
        try {
            FrameReader.Frame frame = first;
            while (frame != null) {
                if (!serve(frame, seat)) {
                    return false;
                }
                frame = in.frameReady() ? in.read(wire::read) : null;
            }
            replies.send(seat.out());
            return true;
        } finally {
            workers.giveBack(seat);
        }
    }

    /** @return whether the caller still leads */
    private boolean serve(FrameReader.Frame frame, Station seat) throws IOException, WireFormatException {
        framesRead.lazySet(framesRead.get() + 1);
        if (replies.ended()) {
            in.wipe();
            return true;
        }
        Call call = CallTarget.call(frame.body());
        CallWeight weight = call == null ? CallWeight.LIGHT : CallWeight.of(call);
        if (weight != CallWeight.LIGHT) {
            // What is ready does not wait for what takes its time.
            replies.send(seat.out());
        }
        if (weight == CallWeight.ALONE && crew.anyRunning() && (call == Call.FINALIZE || !answers.initialised())) {
            crew.awaitQuiet();
        }
        long session = CallTarget.session(call, frame.body());
        if (crew.leaveToUserOf(session, frame)) {
            in.wipe();
            return true;
        }
        if (call != null && pace.needsOtherReader(call, weight)) {
            replies.send(seat.out());
            seat.take(frame);
            in.wipe();
            boolean event = call == Call.WAIT_FOR_SLOT_EVENT;
            crew.letOtherLead(session, event);
            return runApart(seat, session, event);
        }
        runHere(frame, seat, call, weight);
        return true;
    }

    private void runHere(FrameReader.Frame frame, Station seat, @Nullable Call call, CallWeight weight)
            throws IOException, WireFormatException {
        long start = System.nanoTime();
        answers.answer(frame.code(), frame.body(), seat.out());
        long nanos = System.nanoTime() - start;
        in.wipe();
        if (call != null) {
            boolean ahead = in.hasMore() || weight == CallWeight.HEAVY && pace.undecided() && in.look(wire::readNow);
            pace.ran(call, weight, nanos, ahead);
        }
        if (seat.out().length() >= TOGETHER) {
            replies.send(seat.out());
        }
    }

    /** Runs a call, and then those that were left to the user of its session. @return whether the caller leads now */
    private boolean runApart(Station seat, long session, boolean event) {
        Station station = seat;
        while (station != null) {
            runOne(station);
            if (station != seat) {
                workers.giveBack(station);
            }
            station = crew.next(session);
        }
        return crew.done(event);
    }

    private void runOne(Station station) {
        Call call = CallTarget.call(station.body());
        long seen = framesRead.get();
        long start = System.nanoTime();
        try {
            answers.answer(station.code(), station.body(), station.out());
        } catch (WireFormatException e) {
            // Not even room for an error: the caller would wait for ever if the stream went on.
            replies.end();
        }
        long nanos = System.nanoTime() - start;
        station.wipeFrame();
        if (call != null) {
            pace.ran(call, CallWeight.of(call), nanos, framesRead.get() != seen);
        }
        replies.send(station.out());
    }
}
