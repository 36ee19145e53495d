package org.tokend.daemon.transport;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.tokend.pkcs11.linux.BriefWatch;
import org.tokend.pkcs11.linux.Crowd;
import org.tokend.pkcs11.linux.Descriptor;
import org.tokend.pkcs11.linux.PeerHangup;

/**
 * One program's connection. Read and written by one thread at a time; {@link #close} may come from any and wakes a thread that reads.
 * A read that finds nothing within its timeout, and a write that nobody takes, answer 0.
 */
public final class Connection implements ByteChannel {
    private static final long BUSY = Long.MAX_VALUE;

    /** Programs that use a key often ask again within this time; to be woken would take a third of it. */
    private static final long NEXT_REQUEST_NANOS = 100_000;

    private final UnixSocketChannel channel;
    private final PeerCredentials peer;
    private final String program;
    private final Crowd crowd;
    private final Descriptor descriptor;
    private final Staging staging;
    private final BriefWatch watch = new BriefWatch(NEXT_REQUEST_NANOS);
    private final Object ending = new Object();
    private volatile boolean closed;

    /** System.nanoTime() since which nothing is under way, or {@link #BUSY}. */
    private volatile long idleSince = System.nanoTime();

    private volatile boolean served;
    private volatile boolean outputEnded;

    /** Whether requests are under way that {@link #busy} and {@link #idle} do not tell of. */
    private volatile BooleanSupplier besides = () -> false;

    /**
     * @param crowd shared with the other connections
     * @param staging shared with the other connections
     */
    Connection(
            UnixSocketChannel channel,
            PeerCredentials peer,
            String program,
            Crowd crowd,
            Staging staging,
            Duration writeTimeout)
            throws IOException {
        this.channel = channel;
        this.peer = peer;
        this.program = program;
        this.crowd = crowd;
        this.staging = staging;
        this.descriptor = new Descriptor(channel.getFD());
        channel.setOption(UnixSocketOptions.SO_SNDTIMEO, Math.toIntExact(writeTimeout.toMillis()));
    }

    public PeerCredentials peer() {
        return peer;
    }

    /** Absolute path of the peer's executable when it connected, or {@code unknown}. */
    public String program() {
        return program;
    }

    /** @param timeout zero: wait without end */
    public void setReadTimeout(Duration timeout) {
        descriptor.readTimeout(timeout.toMillis());
    }

    /** @return -1 at the end of the stream, 0 when nothing came within the timeout */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        return (int) await(
                () -> descriptor.hasInput() ? staging.readNow(descriptor, buffer) : 0,
                () -> descriptor.awaitInput() ? staging.readNow(descriptor, buffer) : 0);
    }

    /**
     * Waits for input.
     *
     * @param now reads without waiting
     * @param asleep reads
     * @return what either of them gives
     */
    public long await(BriefWatch.Taking now, BriefWatch.Taking asleep) throws IOException {
        boolean alone = crowd.isOneFor(this);
        return watch.await(() -> alone && isIdle(), now, asleep);
    }

    /** Whether a read would not wait. */
    boolean hasInput() {
        return descriptor.hasInput();
    }

    /** @return 0 when the peer took nothing within the write timeout: give it up */
    @Override
    public int write(ByteBuffer buffer) throws IOException {
        try {
            return staging.write(buffer, descriptor);
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    /** A request is under way: this connection is not closed to make room for another. */
    public void busy() {
        idleSince = BUSY;
    }

    /** All requests that have arrived are answered. */
    public void idle() {
        if (idleSince == BUSY) {
            served = true;
            idleSince = System.nanoTime();
        }
    }

    /** Whether a request has ever arrived in full and was answered: who floods us with connections sends none. */
    boolean hasBeenServed() {
        return served;
    }

    /** For peers with several requests under way at once. */
    public void alsoBusyWhile(BooleanSupplier condition) {
        besides = condition;
    }

    boolean isIdle() {
        return idleSince != BUSY && !besides.getAsBoolean();
    }

    /** The number of the open file, valid while the peer is served. */
    public int descriptor() {
        return channel.getFD();
    }

    /** Whether there is still a point in writing. */
    public boolean isWritable() {
        return !outputEnded && !closed;
    }

    long idleSince() {
        return idleSince;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Whether the peer has closed its end, so that nobody reads an answer any more. Never blocks. */
    public boolean peerIsGone() {
        synchronized (ending) {
            return closed || PeerHangup.at(channel.getFD());
        }
    }

    /**
     * Takes no more from the peer: what has arrived is still read and answered, then the stream ends. Wakes a thread that
     * reads.
     */
    void endInput() {
        synchronized (ending) {
            if (!closed) {
                try {
                    channel.shutdownInput();
                } catch (IOException e) {
                    // The peer was faster.
                }
            }
        }
    }

    /** Writes no more, which the peer notices with its next request; it is read on until it closes its end. */
    void endOutput() {
        synchronized (ending) {
            outputEnded = true;
            if (!closed) {
                try {
                    channel.shutdownOutput();
                } catch (IOException e) {
                    // The peer was faster.
                }
            }
        }
    }

    void part(Parting parting) {
        switch (parting) {
            case CLOSE -> endInput();
            case WAIT_FOR_PEER -> endOutput();
        }
    }

    /** A second descriptor of the same connection, which outlives this one; empty when it is closed already. */
    Optional<Descriptor> duplicate() {
        synchronized (ending) {
            return closed ? Optional.empty() : Descriptor.duplicate(channel.getFD());
        }
    }

    /** Ends both directions, which wakes a thread that reads; the descriptor is given back by {@link #release}. */
    @Override
    public void close() {
        synchronized (ending) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                channel.shutdownInput();
                channel.shutdownOutput();
            } catch (IOException e) {
                // The peer was faster.
            }
        }
    }

    /** For the thread that serves: no other thread may use the descriptor's number any more. */
    void release() {
        close();
        synchronized (ending) {
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing is left to be done with it.
            }
        }
    }
}
