package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.application.SampleApplication;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * What one application sends, whatever it is, to an application's end of ours: all frames on one thread, each with its reply.
 * The first byte says which client it is and how the others are meant: as a stream, or as calls whose frames are made here, so
 * that no length in a header has to be right for the arguments to be looked at.
 */
final class FramePlay {
    private static final int MANAGES = 4;
    private static final int STREAM = 8;
    private static final int MOST_CALLS = 64;
    private static final int MOST_BYTES = 1 << 16;
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<Throwable> defects = new ArrayList<>();
    private final MessageWriter replies;
    private final MessageWriter copies;
    private final byte[] input;
    private final int version;
    private long mostAllocated;

    /** @param replies as {@code copies} a buffer that is empty before and after; making one takes longer than a play */
    FramePlay(byte[] input, MessageWriter replies, MessageWriter copies) {
        this.input = input;
        this.replies = replies;
        this.copies = copies;
        this.version = (kind() & 3) % 3;
    }

    static int kind(int version, boolean manages, boolean stream) {
        return version | (manages ? MANAGES : 0) | (stream ? STREAM : 0);
    }

    private int kind() {
        return input.length == 0 ? 0 : input[0];
    }

    /** @return the most bytes that one call allocated on the heap */
    long run() throws Exception {
        boolean stream = (kind() & STREAM) != 0;
        byte[] rest = input.length == 0 ? input : Arrays.copyOfRange(input, 1, Math.min(input.length, MOST_BYTES));
        ScriptedWire wire = new ScriptedWire(stream ? rest : frames(rest), Integer.MAX_VALUE);
        try (SampleApplication application = new SampleApplication((kind() & MANAGES) != 0);
                Answers answers = new Answers(application.cryptoki(), Client.stock(version), null, defects::add)) {
            try {
                answerAll(wire, answers);
            } catch (IOException | WireFormatException broken) {
                // Where the next frame would begin is not known any more.
                assertThat(stream)
                        .as("a frame that was made here is read as one")
                        .isTrue();
            }
            checkAlive(answers);
        }
        return mostAllocated;
    }

    private byte[] frames(byte[] calls) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(WireText.frame(0, "client", 1, "ayyay", Conversation.HANDSHAKE));
        int start = indexOfCall(calls, 0);
        for (int n = 1; start < calls.length && n <= MOST_CALLS; n++) {
            int end = indexOfCall(calls, start + FrameSeeds.CALL.length);
            frames.writeBytes(frame(n, Arrays.copyOfRange(calls, start + FrameSeeds.CALL.length, end)));
            start = end;
        }
        return frames.toByteArray();
    }

    private static int indexOfCall(byte[] calls, int from) {
        for (int i = from; i <= calls.length - FrameSeeds.CALL.length; i++) {
            int same = 0;
            while (same < FrameSeeds.CALL.length && calls[i + same] == FrameSeeds.CALL[same]) {
                same++;
            }
            if (same == FrameSeeds.CALL.length) {
                return i;
            }
        }
        return Math.max(calls.length, from);
    }

    /** A call has its own signature; what is no call is the body itself. */
    private static byte[] frame(int code, byte[] idAndArguments) {
        Call call = idAndArguments.length == 0 ? null : Call.ofId(idAndArguments[0] & 0xff);
        byte[] arguments = idAndArguments.length == 0
                ? idAndArguments
                : Arrays.copyOfRange(idAndArguments, 1, idAndArguments.length);
        byte[] signature = call == null ? new byte[0] : call.request().getBytes(StandardCharsets.US_ASCII);
        int before = call == null ? 0 : 2 * Integer.BYTES + signature.length;
        ByteBuffer frame = ByteBuffer.allocate(FrameReader.HEADER + before + arguments.length);
        frame.putInt(code).putInt(0).putInt(before + arguments.length);
        if (call != null) {
            frame.putInt(call.id()).putInt(signature.length).put(signature);
        }
        return frame.put(arguments).array();
    }

    private void answerAll(ScriptedWire wire, Answers answers) throws Exception {
        try (FrameReader in = new FrameReader()) {
            FrameReader.Frame frame;
            while ((frame = in.read(wire::read)) != null) {
                byte[] body = frame.body().rest().toArray(ValueLayout.JAVA_BYTE);
                answer(answers, frame.code(), body);
                checkRoundTrip(body);
                in.wipe();
            }
        }
    }

    /** @return the body of the reply */
    private byte[] answer(Answers answers, int code, byte[] body) throws Exception {
        MessageReader in = new MessageReader(MemorySegment.ofArray(body), 0, body.length);
        Call named = CallTarget.call(in);
        CallTarget.session(named, in);
        assertThat(in.position()).isZero();
        if (named == Call.WAIT_FOR_SLOT_EVENT) {
            // As when the connection ends: nobody else is here who could change a slot.
            Thread.currentThread().interrupt();
        }
        long before = MEMORY.getCurrentThreadAllocatedBytes();
        try {
            Call call = answers.answer(code, in, replies);
            mostAllocated = Math.max(mostAllocated, MEMORY.getCurrentThreadAllocatedBytes() - before);
            Thread.interrupted();
            if (!defects.isEmpty()) {
                throw new AssertionError(named + " was answered by a defect", defects.getFirst());
            }
            return checked(code, call, replies);
        } finally {
            replies.wipe();
        }
    }

    private static byte[] checked(int code, @Nullable Call call, MessageWriter out) throws WireFormatException {
        ByteBuffer reply = out.written().asByteBuffer();
        assertThat(reply.getInt()).isEqualTo(code);
        assertThat(reply.getInt()).as("options").isZero();
        assertThat(reply.getInt()).isEqualTo(reply.remaining());
        byte[] body = new byte[reply.remaining()];
        reply.get(body);
        // Any call will do for an error, and one that is not known has no other answer.
        long returnValue = StrictReply.check(call == null ? Call.GET_INFO : call, body);
        assertThat(call == null && returnValue == CKR.OK).isFalse();
        return body;
    }

    /** What is read and can be written is written as it will be read. */
    private void checkRoundTrip(byte[] body) throws WireFormatException {
        MessageReader in = new MessageReader(MemorySegment.ofArray(body), 0, body.length);
        Call call = CallTarget.call(in);
        if (call == null || body.length < 2 * Integer.BYTES + call.request().length()) {
            return;
        }
        in.skip(2 * Integer.BYTES + call.request().length());
        CallShape shape = new CallShape(call, Dialect.ofVersion(version));
        List<Object> values;
        byte[] once;
        try {
            values = shape.read(in);
            if (values == null) {
                return;
            }
            once = written(shape, values);
        } catch (WireFormatException | CryptokiException cannotBeSent) {
            return;
        }
        try {
            MessageReader again = new MessageReader(MemorySegment.ofArray(once), 0, once.length);
            List<Object> same = Objects.requireNonNull(shape.read(again));
            assertThat(again.remaining()).isZero();
            assertThat(written(shape, same)).isEqualTo(once);
        } catch (WireFormatException | CryptokiException e) {
            throw new AssertionError(call + " is written as nobody can read it", e);
        }
    }

    private byte[] written(CallShape shape, List<Object> values) throws WireFormatException {
        try {
            shape.write(copies, values);
            return copies.written().toArray(ValueLayout.JAVA_BYTE);
        } finally {
            copies.wipe();
        }
    }

    /** Whatever came before, the connection can be used. */
    private void checkAlive(Answers answers) throws Exception {
        assertThat(replyTo(answers, 1, "ayyay", Conversation.HANDSHAKE)).isEqualTo("0000000100000000");
        assertThat(replyTo(answers, 3, "", "")).startsWith("00000003");
        String opened = replyTo(answers, 10, "uu", "0000000000000001 0000000000000006");
        assertThat(opened).startsWith("0000000a0000000175");
        String session = opened.substring(opened.length() - 16);
        assertThat(replyTo(answers, 13, "u", session)).startsWith("0000000d");
    }

    private String replyTo(Answers answers, int id, String signature, String arguments) throws Exception {
        byte[] frame = WireText.frame(1, "", id, signature, arguments);
        byte[] body = answer(answers, 1, Arrays.copyOfRange(frame, FrameReader.HEADER, frame.length));
        return HexFormat.of().formatHex(body);
    }
}
