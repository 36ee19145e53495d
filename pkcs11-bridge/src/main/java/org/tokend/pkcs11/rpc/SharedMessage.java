package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What travels over a {@link SharedSocket}: the number of a connection and a length, each an int of this machine, then as many bytes of
 * that connection's stream. Holds no secret.
 */
final class SharedMessage {
    static final int HEADER = 2 * Integer.BYTES;

    /** Of the bytes in one message. */
    static final int LONGEST = 4096;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int ROOM = 16 * (HEADER + LONGEST);

    private SharedMessage() {}

    /** @param from at most {@link #LONGEST} @return where the next message goes */
    static long put(int connection, MemorySegment from, MemorySegment into, long at) {
        int length = (int) from.byteSize();
        into.set(INT, at, connection);
        into.set(INT, at + Integer.BYTES, length);
        MemorySegment.copy(from, 0, into, at + HEADER, length);
        return at + HEADER + length;
    }

    interface Taker {
        /** @param bytes valid during the call */
        void take(int connection, MemorySegment bytes) throws IOException;
    }

    /** Cuts a stream into messages, however it is chunked. For one thread at a time. */
    static final class Reader {
        private final MemorySegment memory = Arena.ofAuto().allocate(ROOM);
        private long end;

        /** Where to read to; never empty. */
        MemorySegment room() {
            return memory.asSlice(end);
        }

        /**
         * @param count of the bytes that have been read
         * @return how many messages are complete now
         * @throws IOException when one is over the bounds; the stream cannot be used any further
         */
        int took(long count, Taker taker) throws IOException {
            end += count;
            long start = 0;
            int messages = 0;
            for (long next = next(start); next <= end; next = next(start)) {
                taker.take(memory.get(INT, start), memory.asSlice(start + HEADER, next - start - HEADER));
                start = next;
                messages++;
            }
            MemorySegment.copy(memory, start, memory, 0, end - start);
            end -= start;
            return messages;
        }

        /** Where the message ends that begins here; behind the end when that is not there yet. */
        private long next(long start) throws IOException {
            if (end - start < HEADER) {
                return Long.MAX_VALUE;
            }
            int length = memory.get(INT, start + Integer.BYTES);
            if (length < 0 || length > LONGEST) {
                throw new IOException("a message of " + length + " bytes is over the bounds");
            }
            return start + HEADER + length;
        }
    }
}
