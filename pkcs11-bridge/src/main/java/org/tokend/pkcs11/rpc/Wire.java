package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A stream in both directions, such as a socket or a pair of pipes, read and written from off-heap memory. */
public interface Wire extends AutoCloseable {
    /** Waits for at least one byte. @return how many came, or -1 at the end of the stream */
    long read(MemorySegment into) throws IOException;

    /** Writes all of it. */
    void write(MemorySegment from) throws IOException;

    /** Writes all of it, perhaps together with what others write at the time. It holds no secret. */
    default void writeTogether(MemorySegment from) throws IOException {
        write(from);
    }

    /** What has been written goes out now, whatever else might go with it. */
    default void flush() throws IOException {}

    /**
     * How long one read or write may wait; 0 is for ever. What waited longer throws {@link java.net.SocketTimeoutException}.
     */
    void timeout(long millis) throws IOException;

    /** Whether there is still a point in writing. What arrives afterwards is read and thrown away. */
    default boolean writable() {
        return true;
    }

    /** Takes what is there without waiting. @return how many bytes; 0 when none are, or when this kind cannot tell; -1 at the end */
    default long readNow(MemorySegment into) throws IOException {
        return 0;
    }

    /** Whether a read would not wait, were it only for the end of the stream. */
    default boolean hasInput() {
        return true;
    }

    @Override
    void close();
}
