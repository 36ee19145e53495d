package org.tokend.daemon.front.p11kit;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** A program with p11-kit's client in it, as far as its bytes go. */
final class Program implements AutoCloseable {
    private static final String HANDSHAKE = "01" + "00000029"
            + HexFormat.of().formatHex("PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1".getBytes(StandardCharsets.US_ASCII))
            + "00" + "01" + "00000001" + "00";

    private final SocketChannel channel;
    private int code = 0x10;

    Program(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    /** @return null when the server ends the connection instead of answering */
    static Program initialised(Path socket) throws IOException {
        Program program = new Program(socket);
        program.offerVersion();
        program.send(1, "ayyay", HANDSHAKE);
        program.receive();
        return program;
    }

    /** @return the version that was agreed on, or -1 */
    int offerVersion() throws IOException {
        channel.write(ByteBuffer.wrap(new byte[1]));
        ByteBuffer answer = ByteBuffer.allocate(1);
        return channel.read(answer) < 0 ? -1 : answer.get(0);
    }

    void send(int id, String signature, String arguments) throws IOException {
        byte[] rest = HexFormat.of().parseHex(arguments);
        int length = 8 + signature.length() + rest.length;
        ByteBuffer frame = ByteBuffer.allocate(12 + length);
        frame.putInt(code++).putInt(0).putInt(length);
        frame.putInt(id).putInt(signature.length()).put(signature.getBytes(StandardCharsets.US_ASCII));
        frame.put(rest).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /** @return the call id of the reply (0 for an error), or -1 at the end of the stream */
    int receive() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(12);
        if (!fill(header)) {
            return -1;
        }
        ByteBuffer body = ByteBuffer.allocate(header.getInt(4) + header.getInt(8));
        return fill(body) ? body.getInt(header.getInt(4)) : -1;
    }

    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    /** C_GetSessionInfo. */
    boolean isServed() throws IOException {
        send(11, "u", "0000000000000011");
        return receive() == 11;
    }

    void login() throws IOException {
        send(18, "uuay", "0000000000000011" + "0000000000000001" + "0000000000");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
