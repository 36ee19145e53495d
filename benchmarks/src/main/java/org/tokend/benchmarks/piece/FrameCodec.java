package org.tokend.benchmarks.piece;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Envelope;
import org.tokend.protocol.FrameReader;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.MessageException;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Sign;

/** The native protocol: bytes of a request to sign → request, and signature → bytes of the reply. */
@State(Scope.Thread)
public class FrameCodec {
    private static final int FRAMES = 100;

    private final byte[] request = MessageCodec.encodeRequest(new Envelope(
            new Sign("sha256:" + "5a".repeat(32), Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[32], "a mail"),
            false,
            false));
    private final byte[] stream = stream(request);
    private final Reply reply = new Reply.Signature(new byte[71]);

    private static byte[] stream(byte[] frame) {
        byte[] stream = new byte[(frame.length + 1) * FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            System.arraycopy(frame, 0, stream, i * (frame.length + 1), frame.length);
        }
        return stream;
    }

    @Benchmark
    public Envelope decodeRequest() throws MessageException {
        return MessageCodec.decodeRequest(request);
    }

    @Benchmark
    public byte[] encodeReply() {
        return MessageCodec.encodeReply(reply);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void cutFrames(Blackhole sink) throws IOException {
        FrameReader reader =
                new FrameReader(Channels.newChannel(new ByteArrayInputStream(stream)), MessageCodec.MAX_REQUEST);
        byte[] frame;
        while ((frame = reader.next()) != null) {
            sink.consume(Arrays.hashCode(frame));
        }
    }
}
