package org.tokend.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** Frames → bytes of a stream, each ended with NUL. One thread at a time. */
public final class FrameWriter {
    private final WritableByteChannel channel;
    private final int bound;

    /** A frame that nobody holds as a whole. */
    public interface Content {
        /** Writes one JSON object; the same bytes each time. */
        void writeTo(OutputStream stream) throws IOException;
    }

    /** @param bound longest frame in bytes, with its NUL */
    public FrameWriter(WritableByteChannel channel, int bound) {
        this.channel = channel;
        this.bound = bound;
    }

    /**
     * In one write where the kernel takes it.
     *
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
            writeAll(ByteBuffer.wrap(bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * In pieces, as they are made, so that a long frame takes no memory while the other side takes its time.
     *
     * @param content nothing secret; made twice, since it is measured first
     * @throws FrameException.TooLarge nothing was written
     * @throws FrameException.TooSlow the other side does not read: give the stream up
     */
    public void write(Content content) throws IOException {
        Length length = new Length();
        content.writeTo(length);
        if (length.bytes >= bound) {
            throw new FrameException.TooLarge(bound);
        }
        content.writeTo(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                writeAll(ByteBuffer.wrap(new byte[] {(byte) octet}));
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                writeAll(ByteBuffer.wrap(bytes, offset, count));
            }
        });
        writeAll(ByteBuffer.allocate(1));
    }

    private static final class Length extends OutputStream {
        private long bytes;

        @Override
        public void write(int octet) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int count) {
            bytes += count;
        }
    }

    private void writeAll(ByteBuffer rest) throws IOException {
        while (rest.hasRemaining()) {
            if (channel.write(rest) == 0) {
                throw new FrameException.TooSlow(true);
            }
        }
    }
}
