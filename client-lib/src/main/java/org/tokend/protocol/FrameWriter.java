package org.tokend.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** Frames → bytes of a stream, each ended with NUL, one write each where the kernel takes it. One thread at a time. */
public final class FrameWriter {
    private final WritableByteChannel channel;
    private final int bound;

    /** @param bound longest frame in bytes, with its NUL */
    public FrameWriter(WritableByteChannel channel, int bound) {
        this.channel = channel;
        this.bound = bound;
    }

    /**
     * @param frame one JSON object, as {@link MessageCodec} makes it
     * @throws FrameException.TooLarge nothing was written
     * @throws FrameException.TooSlow the other side does not read: give the stream up
     */
    public void write(byte[] frame) throws IOException {
        if (frame.length >= bound) {
            throw new FrameException.TooLarge(bound);
        }
        byte[] bytes = Arrays.copyOf(frame, frame.length + 1);
        try {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                if (channel.write(rest) == 0) {
                    throw new FrameException.TooSlow(true);
                }
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
