package org.tokend.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a stream → frames, which end with NUL. Keeps what was read too much for the next call, so callers may send
 * several frames at once. Never holds more than the bound. One thread at a time.
 */
public final class FrameReader implements AutoCloseable {
    private static final int FIRST_BUFFER = 4096;

    private final ReadableByteChannel channel;
    private final int bound;
    private final long patience;

    private final FrameRoom room;

    /** What it has of the room. */
    private int taken;

    private byte[] buffer;
    /** What is buffered stands from {@code start} up to {@code end}; there is no NUL before {@code searched}. */
    private int start;

    private int searched;
    private int end;
    private long frameBegan;

    /** A reader that waits for the rest of a frame for as long as the channel does. */
    public FrameReader(ReadableByteChannel channel, int bound) {
        this(channel, bound, Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * @param channel blocking; a read that takes nothing within the channel's own time-out answers 0, as jnr's does
     * @param bound longest frame in bytes, with its NUL
     * @param patience time from a frame's first byte to its last. It is looked at whenever the channel's read returns, so a
     *     caller that sends a byte now and then gains nothing.
     */
    public FrameReader(ReadableByteChannel channel, int bound, Duration patience) {
        this(channel, bound, patience, FrameRoom.unbounded());
    }

    /** @param room shared with other streams; what this one takes of it is given back with the next call or {@link #close} */
    public FrameReader(ReadableByteChannel channel, int bound, Duration patience, FrameRoom room) {
        this.channel = channel;
        this.bound = bound;
        this.patience = patience.toNanos();
        this.room = room;
        this.buffer = new byte[Math.min(FIRST_BUFFER, bound)];
    }

    /**
     * The next frame without its NUL, or null when the stream ended between two frames.
     *
     * @throws FrameException.TooLarge nothing more can be read from this stream
     * @throws FrameException.NoRoom nothing more can be read from this stream
     * @throws FrameException.Truncated the stream ended inside a frame
     * @throws FrameException.TooSlow inside a frame: give the stream up. Between frames: nothing came; may be called again
     */
    public byte @Nullable [] next() throws IOException {
        // What came while the caller was busy with the last frame has not been waited for yet.
        frameBegan = System.nanoTime();
        if (!hasPending()) {
            close();
        }
        while (true) {
            int terminator = indexOfNul();
            if (terminator >= 0) {
                return take(terminator);
            }
            int pending = end - start;
            if (pending >= bound) {
                throw new FrameException.TooLarge(bound);
            }
            makeRoom();
            int count = channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end));
            if (count < 0) {
                if (pending > 0) {
                    throw new FrameException.Truncated(pending);
                }
                return null;
            }
            arrived(pending, count);
        }
    }

    /** Whether the beginning of a frame, or another whole frame, has already been read. */
    public boolean hasPending() {
        return end > start;
    }

    private void arrived(int pending, int count) throws FrameException.TooSlow {
        long now = System.nanoTime();
        if (pending == 0) {
            if (count == 0) {
                throw new FrameException.TooSlow(false);
            }
            frameBegan = now;
        }
        end += count;
        if (now - frameBegan > patience && indexOfNul() < 0) {
            throw new FrameException.TooSlow(true);
        }
    }

    private int indexOfNul() {
        while (searched < end) {
            if (buffer[searched] == 0) {
                return searched;
            }
            searched++;
        }
        return -1;
    }

    private byte[] take(int terminator) throws FrameException.TooLarge {
        if (terminator - start >= bound) {
            throw new FrameException.TooLarge(bound);
        }
        byte[] frame = Arrays.copyOfRange(buffer, start, terminator);
        start = terminator + 1;
        searched = start;
        if (start == end) {
            // Replies carry content keys: nothing of a frame stays behind in a buffer that lives as long as its stream.
            Arrays.fill(buffer, 0, end, (byte) 0);
            start = 0;
            searched = 0;
            end = 0;
        }
        return frame;
    }

    /** Gives a long frame's memory back, and what has been read since. The channel stays open. */
    @Override
    public void close() {
        if (taken > 0) {
            room.giveBack(taken);
            taken = 0;
            buffer = new byte[Math.min(FIRST_BUFFER, bound)];
            start = 0;
            searched = 0;
            end = 0;
        }
    }

    private void makeRoom() throws FrameException.NoRoom {
        if (end < buffer.length) {
            return;
        }
        byte[] target = buffer;
        if (start == 0) {
            int length = Math.min(bound, buffer.length * 2);
            if (length > FrameRoom.OWN) {
                room.take(length - taken);
                taken = length;
            }
            target = new byte[length];
        }
        System.arraycopy(buffer, start, target, 0, end - start);
        Arrays.fill(buffer, target == buffer ? end - start : 0, end, (byte) 0);
        buffer = target;
        end -= start;
        searched -= start;
        start = 0;
    }
}
