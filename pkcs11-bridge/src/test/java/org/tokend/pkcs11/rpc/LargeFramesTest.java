package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.CKR;

class LargeFramesTest {
    private static final int KIB = 1 << 10;

    /** A frame's header and so many zeros of its body; then the other side rests. */
    private static FrameReader.Source frame(int bodyLength, int arrived) {
        ByteBuffer rest = ByteBuffer.allocate(FrameReader.HEADER + arrived);
        rest.putInt(7).putInt(0).putInt(bodyLength).position(0);
        return into -> {
            if (!rest.hasRemaining()) {
                throw new SocketTimeoutException("it rests");
            }
            int count = (int) Math.min(rest.remaining(), into.byteSize());
            MemorySegment.copy(MemorySegment.ofBuffer(rest), 0, into, 0, count);
            rest.position(rest.position() + count);
            return count;
        };
    }

    private static void isRefused(FrameReader reader, FrameReader.Source source) {
        assertThatThrownBy(() -> reader.read(source))
                .asInstanceOf(InstanceOfAssertFactories.throwable(WireFormatException.class))
                .extracting(WireFormatException::returnValue)
                .isEqualTo(CKR.HOST_MEMORY);
    }

    @Test
    @DisplayName("A header that promises much takes no memory before that arrives")
    void promised() {
        try (FrameReader reader = new FrameReader(new LargeFrames(0))) {
            assertThatThrownBy(() -> reader.read(frame(15 << 20, 40 * KIB))).isInstanceOf(SocketTimeoutException.class);
        }
        try (FrameReader reader = new FrameReader(new LargeFrames(0))) {
            isRefused(reader, frame(15 << 20, 80 * KIB));
        }
    }

    @Test
    @DisplayName("Large frames of all connections share their memory; small ones always find room")
    void shared() throws Exception {
        LargeFrames large = new LargeFrames(600 * KIB);
        try (FrameReader one = new FrameReader(large);
                FrameReader other = new FrameReader(large)) {
            assertThat(one.read(frame(200 * KIB, 200 * KIB))).isNotNull();
            isRefused(other, frame(300 * KIB, 300 * KIB));
            other.reset();
            assertThat(other.read(frame(50 * KIB, 50 * KIB))).isNotNull();
            other.wipe();
            one.wipe();
            assertThat(other.read(frame(200 * KIB, 200 * KIB))).isNotNull();
        }
        large.take(600 * KIB);
    }

    @Test
    @DisplayName("A reply that finds no room gives back what it took")
    void reply() throws Exception {
        LargeFrames large = new LargeFrames(600 * KIB);
        try (MessageWriter out = new MessageWriter(large)) {
            out.startFrame(1, "");
            assertThatThrownBy(() -> out.array(new byte[1 << 20])).isInstanceOf(WireFormatException.class);
            out.array(new byte[100 * KIB]);
            assertThatThrownBy(() -> large.take(600 * KIB)).isInstanceOf(WireFormatException.class);
        }
        large.take(600 * KIB);
    }
}
