package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program whose standard output never touches the heap: {@link java.lang.Process} copies what it reads through byte arrays,
 * where a PIN would stay. Standard input and output are one socket, standard error is /dev/null, and nothing else is
 * inherited. Closing ends it and everything it started.
 */
public final class PipedChild implements AutoCloseable {
    private static final long PARTING_MILLIS = 500;
    private static final long END_MILLIS = 2_000;

    private final ChildProcess process;
    private final Descriptor socket;

    private PipedChild(ChildProcess process, Descriptor socket) {
        this.process = process;
        this.socket = socket;
    }

    /**
     * @param command absolute path of the program, and its arguments
     * @param environment all of it: nothing is inherited
     */
    public static PipedChild start(List<String> command, Map<String, String> environment) throws IOException {
        SocketPair pair = SocketPair.open();
        try (Descriptor there = pair.there()) {
            return new PipedChild(ChildProcess.startOnStreams(command, environment, there), pair.here());
        } catch (IOException e) {
            pair.here().close();
            throw e;
        }
    }

    /** Writes all of it; the child must read on. */
    public void write(MemorySegment bytes) throws IOException {
        socket.write(bytes);
    }

    /**
     * Reads what is there, waiting for it no longer than said.
     *
     * @return number of bytes, or -1 at the end of the child's output
     * @throws java.net.SocketTimeoutException when nothing came in time
     */
    public int read(MemorySegment into, Duration wait) throws IOException {
        socket.timeout(Math.max(1, wait.toMillis()));
        return (int) socket.read(into);
    }

    /** Ends the child at once, from any thread; a reader then sees the end of its output. */
    public void kill() {
        process.kill();
    }

    /**
     * Ends the child and waits until it is gone. To be called by the one thread that reads. A child that was told to go is
     * given the time to put its terminal in order.
     */
    @Override
    public void close() {
        long until = System.nanoTime() + Duration.ofMillis(PARTING_MILLIS).toNanos();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rest = arena.allocate(256);
            while (read(rest, Duration.ofNanos(until - System.nanoTime())) >= 0) {
                rest.fill((byte) 0);
            }
        } catch (IOException e) {
            // It does not go by itself.
        }
        process.kill();
        process.awaitEnd(END_MILLIS);
        socket.close();
    }

    @Override
    public String toString() {
        return "PipedChild[" + process + "]";
    }
}
