package org.tokend.system;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A PKCS#11 application of whatever version of p11-kit, whose frames are made by hand. */
final class HandMadeConnection implements AutoCloseable {
    private static final int HEADER = 12;
    private static final String HANDSHAKE = "PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1";

    private final SocketChannel channel;

    /** @param id of the call, 0 of an error; arguments: what follows the signature */
    record Reply(int code, int id, String signature, ByteBuffer arguments) {
        /** CK_RV of an error; 0 for the reply that the call asks for. */
        long ckr() {
            return id == 0 ? arguments.getLong(0) : 0;
        }

        long number() {
            return arguments.getLong(0);
        }
    }

    /** @param version the first byte of a client */
    HandMadeConnection(Path socket, int version) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        send(new byte[] {(byte) version});
        int agreed = read(1).get();
        if (agreed != version) {
            throw new AssertionError("version " + agreed + " was answered to " + version);
        }
    }

    static byte[] frame(int code, int id, String signature, byte[] arguments) {
        byte[] letters = signature.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frame = ByteBuffer.allocate(HEADER + 8 + letters.length + arguments.length)
                .putInt(code)
                .putInt(0)
                .putInt(8 + letters.length + arguments.length)
                .putInt(id)
                .putInt(letters.length)
                .put(letters)
                .put(arguments);
        return frame.array();
    }

    /** C_Initialize. */
    static byte[] initialize() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.write(1);
            out.writeInt(HANDSHAKE.length());
            out.writeBytes(HANDSHAKE);
            out.write(HexFormat.of().parseHex("00" + "01" + "00000001" + "00"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return frame(1, 1, "ayyay", bytes.toByteArray());
    }

    HandMadeConnection send(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        return this;
    }

    Reply call(int id, String signature, byte[] arguments) throws IOException {
        Reply reply = send(frame(0x100 + id, id, signature, arguments)).reply();
        if (reply == null || reply.code() != 0x100 + id) {
            throw new AssertionError("call " + id + " was answered by " + reply);
        }
        return reply;
    }

    /** Nothing more will be sent. */
    void finish() throws IOException {
        channel.shutdownOutput();
    }

    /** The next one; null at the end of the stream. */
    @Nullable
    Reply reply() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        while (header.hasRemaining()) {
            if (channel.read(header) < 0) {
                if (header.position() > 0) {
                    throw new IOException("the connection ended in a header");
                }
                return null;
            }
        }
        header.flip();
        int code = header.getInt();
        int options = header.getInt();
        ByteBuffer body = read(options + header.getInt()).position(options).slice();
        int id = body.getInt();
        byte[] signature = new byte[body.getInt()];
        body.get(signature);
        return new Reply(code, id, new String(signature, StandardCharsets.US_ASCII), body.slice());
    }

    private ByteBuffer read(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("the connection ended in a frame");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
