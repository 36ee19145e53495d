package org.tokend.tokenctl.application;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Talks to the socket of p11-kit's client module as that module would: the version byte, C_Initialize, C_GetInfo and the
 * number of slots with a token. Numbers are big-endian; a frame is call code, length of options, length of body, options, body.
 */
public final class SocketProbe implements AutoCloseable {

    private static final byte[] HANDSHAKE =
            "PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 4096;
    private static final int C_INITIALIZE = 1;
    private static final int C_GET_INFO = 3;
    private static final int C_GET_SLOT_LIST = 4;
    /** Call number, length of the signature "vsusv", its five bytes, the version, the length of the manufacturer. */
    private static final int MANUFACTURER = 4 + 4 + 5 + 2 + 4;
    /** Manufacturer, flags, length of the description. */
    private static final int DESCRIPTION = MANUFACTURER + 32 + 8 + 4;
    /** Call number, length of the signature "au", its two bytes, the flag for "no values". */
    private static final int COUNT = 4 + 4 + 2 + 1;

    private final SocketChannel channel;
    private final Selector selector;
    private final long deadline;
    private int calls = 16;

    /** Who serves the socket, and how many tokens it shows. */
    public record Served(String description, int tokens) {}

    private SocketProbe(Path socket, Duration patience) throws IOException {
        this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        this.selector = Selector.open();
        this.deadline = System.nanoTime() + patience.toNanos();
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** @throws IOException also when what comes back is not what a server of this protocol sends */
    public static Served ask(Path socket, Duration patience) throws IOException {
        try (SocketProbe probe = new SocketProbe(socket, patience)) {
            probe.channel.write(ByteBuffer.wrap(new byte[1]));
            if (probe.read(1).get() != 0) {
                throw new IOException("it does not speak version 0 of p11-kit's protocol");
            }
            ByteBuffer start = ByteBuffer.allocate(128);
            start.putInt(5).put("ayyay".getBytes(StandardCharsets.US_ASCII));
            start.put((byte) 1).putInt(HANDSHAKE.length).put(HANDSHAKE).put((byte) 0);
            start.put((byte) 1).putInt(1).put((byte) 0);
            probe.call(C_INITIALIZE, start.flip());
            ByteBuffer info = probe.call(C_GET_INFO, ByteBuffer.allocate(4));
            ByteBuffer list = ByteBuffer.allocate(32);
            list.putInt(3)
                    .put("yfu".getBytes(StandardCharsets.US_ASCII))
                    .put((byte) 1)
                    .putInt(0);
            ByteBuffer slots = probe.call(C_GET_SLOT_LIST, list.flip());
            byte[] description = new byte[32];
            info.get(DESCRIPTION, description);
            return new Served(new String(description, StandardCharsets.UTF_8).strip(), slots.getInt(COUNT));
        } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException tooShort) {
            throw new IOException("its answer is too short", tooShort);
        }
    }

    private ByteBuffer call(int id, ByteBuffer arguments) throws IOException {
        int code = calls++;
        ByteBuffer frame = ByteBuffer.allocate(16 + arguments.remaining());
        frame.putInt(code)
                .putInt(0)
                .putInt(4 + arguments.remaining())
                .putInt(id)
                .put(arguments);
        channel.write(frame.flip());
        ByteBuffer head = read(12);
        boolean ours = head.getInt() == code;
        int options = head.getInt();
        int body = head.getInt();
        if (!ours || options < 0 || options > LONGEST || body < 4 || body > LONGEST) {
            throw new IOException("its answer is none of p11-kit's protocol");
        }
        read(options);
        ByteBuffer answer = read(body);
        int answered = answer.getInt(0);
        if (answered != id) {
            throw new IOException(
                    answered == 0 && body == 17
                            ? "it answers with CKR 0x" + Long.toHexString(answer.getLong(9))
                            : "its answer is none of p11-kit's protocol");
        }
        return answer;
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0 || selector.select(left) == 0) {
                throw new IOException("it does not answer");
            }
            selector.selectedKeys().clear();
            if (channel.read(buffer) < 0) {
                throw new IOException("it closes the connection");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        try (channel;
                selector) {
            // Closed in the reverse order.
        }
    }
}
