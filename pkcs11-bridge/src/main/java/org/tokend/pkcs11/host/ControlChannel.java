package org.tokend.pkcs11.host;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tokend.pkcs11.linux.Descriptor;

/**
 * The socket over which the daemon tells a host what to load and hears how that went. Messages are lists of texts: a length,
 * then length and UTF-8 of each. Its end is the end of the other side.
 */
final class ControlChannel implements AutoCloseable {
    private static final int MOST = 64 << 10;

    private final Descriptor socket;

    ControlChannel(Descriptor socket) {
        this.socket = socket;
    }

    void send(List<String> texts) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(MOST);
        message.position(Integer.BYTES);
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (message.remaining() < Integer.BYTES + utf8.length) {
                throw new IOException("a message to or from a module host that is longer than " + MOST + " bytes");
            }
            message.putInt(utf8.length).put(utf8);
        }
        message.putInt(0, message.position() - Integer.BYTES).flip();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(message.limit());
            memory.copyFrom(MemorySegment.ofBuffer(message));
            socket.write(memory);
        }
    }

    /** @throws EOFException when the other side has ended */
    List<String> receive() throws IOException {
        int length = read(Integer.BYTES).getInt();
        if (length < 0 || length > MOST) {
            throw new IOException("a message of " + length + " bytes on the control channel");
        }
        ByteBuffer message = read(length);
        List<String> texts = new ArrayList<>();
        while (message.hasRemaining()) {
            byte[] utf8 = new byte[lengthIn(message)];
            message.get(utf8);
            texts.add(new String(utf8, StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static int lengthIn(ByteBuffer message) throws IOException {
        int length = message.remaining() < Integer.BYTES ? -1 : message.getInt();
        if (length < 0 || length > message.remaining()) {
            throw new IOException("a text on the control channel that is longer than its message");
        }
        return length;
    }

    private ByteBuffer read(int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(length);
            long position = 0;
            while (position < length) {
                long count = socket.read(memory.asSlice(position));
                if (count < 0) {
                    throw new EOFException("the other side of the control channel has ended");
                }
                position += count;
            }
            return ByteBuffer.allocate(length).put(memory.asByteBuffer()).flip();
        }
    }

    Descriptor socket() {
        return socket;
    }

    void timeout(long millis) throws IOException {
        socket.timeout(millis);
    }

    /** Wakes a reader on this side, too. */
    void shutdown() {
        socket.shutdown();
    }

    @Override
    public void close() {
        socket.close();
    }
}
