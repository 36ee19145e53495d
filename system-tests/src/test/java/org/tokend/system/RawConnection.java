package org.tokend.system;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.FrameReader;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Status;

/** A connection on which anything may be sent. */
final class RawConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final FrameReader reader;

    RawConnection(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        reader = new FrameReader(channel, MessageCodec.MAX_REPLY);
    }

    RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawConnection send(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        return this;
    }

    /** Waits until an answer begins, and reads no more of it than that. */
    boolean answerBegins() throws IOException {
        return channel.read(ByteBuffer.allocate(1)) == 1;
    }

    /** The next answer, as text; null at the end of the stream. */
    @Nullable
    String answer() throws IOException {
        byte[] frame = reader.next();
        return frame == null ? null : new String(frame, StandardCharsets.UTF_8);
    }

    /** Whether the connection serves a good request, after whatever has been sent on it. */
    boolean serves() throws Exception {
        send("{\"method\":\"org.tokend.Token.Status\"}\0");
        byte[] frame = reader.next();
        return frame != null && MessageCodec.decodeReply(new Status(), frame) instanceof Reply.StatusReport;
    }

    /** Waits for the daemon to end the connection; what it says before that is in the answer. */
    String untilEnd() {
        StringBuilder said = new StringBuilder();
        try {
            for (String answer = answer(); answer != null; answer = answer()) {
                said.append(answer);
            }
        } catch (IOException e) {
            // A connection that ends while there is something left to read ends with a reset.
        }
        return said.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
