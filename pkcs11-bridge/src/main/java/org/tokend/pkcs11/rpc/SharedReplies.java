package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.tokend.pkcs11.linux.Descriptor;

/** The host's end of a {@link SharedSocket}: requests come in together, and what has been answered is written together. Thread-safe. */
final class SharedReplies {
    /** So long the first reply may wait for the next ones: a few P-256 signatures in software. */
    private static final long PATIENCE_NANOS = 200_000;

    private static final long ROOM = 1 << 16;

    private final Descriptor descriptor;
    private final SharedMessage.Reader requests = new SharedMessage.Reader();
    private final MemorySegment replies = Arena.ofAuto().allocate(ROOM);
    private long length;
    private long since;

    SharedReplies(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Takes all requests that have arrived. Never waits. @throws IOException also when the daemon has ended */
    void take(SharedMessage.Taker taker) throws IOException {
        synchronized (requests) {
            MemorySegment room;
            long count;
            do {
                room = requests.room();
                count = descriptor.readNow(room);
                if (count < 0) {
                    throw new IOException("the daemon has ended");
                }
                int ignored = requests.took(count, taker);
            } while (count == room.byteSize());
        }
    }

    /** Written later, unless others have waited long enough. */
    synchronized void add(int connection, MemorySegment reply) throws IOException {
        for (long done = 0; done < reply.byteSize(); done += SharedMessage.LONGEST) {
            MemorySegment part = reply.asSlice(done, Math.min(SharedMessage.LONGEST, reply.byteSize() - done));
            if (length + SharedMessage.HEADER + part.byteSize() > ROOM) {
                flush();
            }
            if (length == 0) {
                since = System.nanoTime();
            }
            length = SharedMessage.put(connection, part, replies, length);
        }
        if (System.nanoTime() - since > PATIENCE_NANOS) {
            flush();
        }
    }

    /** To be called before anything that may take long. */
    synchronized void flush() throws IOException {
        if (length > 0) {
            descriptor.write(replies.asSlice(0, length));
            length = 0;
        }
    }
}
