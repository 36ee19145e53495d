package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.tokend.pkcs11.linux.Descriptor;

/**
 * The daemon's end of a socket that all connections to one host share while many threads sign at once. The host, for which they all
 * wait, answers what it finds there with one write, and one thread here hands out what comes back: so the host neither reads nor writes
 * for each signature, nor wakes anybody for it.
 */
public final class SharedSocket {
    private final Descriptor descriptor;
    private final String module;
    private final SharedInput[] inputs;
    private final MemorySegment outgoing = Arena.ofAuto().allocate(SharedMessage.HEADER + SharedMessage.LONGEST);
    private final Object writing = new Object();
    private final Togetherness replies = new Togetherness();
    private final AtomicBoolean used = new AtomicBoolean();
    private boolean closed;
    private volatile boolean ended;

    /**
     * @param connections how many there are
     * @param writeDeadline how long the host may leave what is written to it unread
     */
    public SharedSocket(Descriptor descriptor, int connections, String module, Duration writeDeadline)
            throws IOException {
        this.descriptor = descriptor;
        this.module = module;
        this.inputs = IntStream.range(0, connections)
                .mapToObj(connection -> new SharedInput())
                .toArray(SharedInput[]::new);
        descriptor.timeout(writeDeadline.toMillis());
        descriptor.readTimeout(0);
    }

    /** What comes in for one connection. */
    SharedInput input(int connection) {
        return inputs[connection];
    }

    /** Whether so many bytes are better written here than to the connection's own socket. */
    boolean isWorthwhile(long length) {
        return length <= SharedMessage.LONGEST && !ended && replies.areExpected();
    }

    /** The reply comes to the connection's input. */
    void write(int connection, MemorySegment from) throws IOException {
        if (used.compareAndSet(false, true)) {
            Thread.ofPlatform().name("replies-" + module).daemon().start(this::handOut);
        }
        inputs[connection].expect();
        synchronized (writing) {
            if (!closed) {
                descriptor.write(outgoing.asSlice(0, SharedMessage.put(connection, from, outgoing, 0)));
            }
        }
    }

    private void handOut() {
        try {
            SharedMessage.Reader reader = new SharedMessage.Reader();
            for (long count = descriptor.read(reader.room()); count > 0; count = descriptor.read(reader.room())) {
                replies.came(reader.took(count, this::handOut));
            }
        } catch (IOException e) {
            // The host is gone, or not to be believed: whoever waits finds its connection lost, and ends it.
            descriptor.shutdown();
        } finally {
            close();
        }
    }

    private void handOut(int connection, MemorySegment bytes) throws IOException {
        if (connection < 0 || connection >= inputs.length) {
            throw new IOException("a reply for no connection");
        }
        inputs[connection].put(bytes);
    }

    /** The host has ended: whoever waits, waits no more. */
    public void end() {
        descriptor.shutdown();
        if (used.compareAndSet(false, true)) {
            close();
        }
    }

    private void close() {
        ended = true;
        synchronized (writing) {
            closed = true;
            descriptor.close();
        }
        for (SharedInput input : inputs) {
            input.end();
        }
    }
}
