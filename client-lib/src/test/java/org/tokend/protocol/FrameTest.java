package org.tokend.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static final int BOUND = 1024;

    @Test
    @DisplayName("Frames are found wherever the stream happens to be cut")
    void cutAnywhere() throws IOException {
        byte[] stream = "{\"first\":1}\0{}\0\0{\"last\":\"ü\"}\0".getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= stream.length; cut++) {
            FrameReader reader = new FrameReader(
                    pieces(Arrays.copyOf(stream, cut), Arrays.copyOfRange(stream, cut, stream.length)), BOUND);
            assertThat(all(reader)).as("cut at %s", cut).containsExactly("{\"first\":1}", "{}", "", "{\"last\":\"ü\"}");
        }
    }

    @Test
    @DisplayName("Frames of every size up to the bound pass in pieces of every size")
    void randomPieces() throws IOException {
        Random random = new Random(7);
        List<String> sent = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(Channels.newChannel(stream), 64 * 1024);
        for (int i = 0; i < 300; i++) {
            String frame = "x".repeat(i == 7 ? 64 * 1024 - 1 : random.nextInt(9000));
            sent.add(frame);
            writer.write(frame.getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayInputStream bytes = new ByteArrayInputStream(stream.toByteArray());
        ReadableByteChannel channel = channel(into -> {
            byte[] piece = bytes.readNBytes(Math.min(into.remaining(), 1 + random.nextInt(5000)));
            into.put(piece);
            return piece.length == 0 ? -1 : piece.length;
        });
        assertThat(all(new FrameReader(channel, 64 * 1024))).isEqualTo(sent);
    }

    @Test
    @DisplayName(
            "A frame of exactly the bound is read; one byte more is refused, and the bound is never exceeded in memory")
    void bound() throws IOException {
        byte[] longest = new byte[BOUND];
        Arrays.fill(longest, 0, BOUND - 1, (byte) 'x');
        assertThat(new FrameReader(pieces(longest), BOUND).next()).hasSize(BOUND - 1);

        int[] asked = {0};
        ReadableByteChannel endless = channel(into -> {
            int count = into.remaining();
            asked[0] += count;
            while (into.hasRemaining()) {
                into.put((byte) 'x');
            }
            return count;
        });
        assertThatThrownBy(() -> new FrameReader(endless, BOUND).next()).isInstanceOf(FrameException.TooLarge.class);
        assertThat(asked[0]).isEqualTo(BOUND);
    }

    @Test
    @DisplayName("The end of the stream between frames is no error; in the middle of one it is")
    void endOfStream() throws IOException {
        assertThat(new FrameReader(pieces(), BOUND).next()).isNull();
        FrameReader reader = new FrameReader(pieces("{}\0{".getBytes(StandardCharsets.US_ASCII)), BOUND);
        assertThat(reader.next()).hasSize(2);
        assertThat(reader.hasPending()).isTrue();
        assertThatThrownBy(reader::next).isInstanceOf(FrameException.Truncated.class);
    }

    @Test
    @DisplayName("A frame that trickles in is given up; silence between frames can be waited out")
    void patience() throws IOException {
        FrameReader trickle = new FrameReader(
                channel(into -> {
                    into.put((byte) 'x');
                    return 1;
                }),
                1 << 30,
                Duration.ofMillis(20));
        assertThatThrownBy(trickle::next)
                .isInstanceOfSatisfying(
                        FrameException.TooSlow.class,
                        e -> assertThat(e.insideFrame()).isTrue());

        int[] reads = {0};
        FrameReader silent = new FrameReader(
                channel(into -> {
                    if (reads[0]++ == 0) {
                        return 0;
                    }
                    into.put(new byte[] {'{', '}', 0});
                    return 3;
                }),
                BOUND,
                Duration.ofMillis(20));
        assertThatThrownBy(silent::next)
                .isInstanceOfSatisfying(
                        FrameException.TooSlow.class,
                        e -> assertThat(e.insideFrame()).isFalse());
        assertThat(silent.next()).hasSize(2);
    }

    @Test
    @DisplayName("A frame leaves in one write where the channel takes it, and completely where it does not")
    void writing() throws IOException {
        List<Integer> writes = new ArrayList<>();
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(
                sink(from -> {
                    int count = Math.min(from.remaining(), 10);
                    for (int i = 0; i < count; i++) {
                        taken.write(from.get());
                    }
                    writes.add(count);
                    return count;
                }),
                BOUND);
        writer.write(new byte[] {'{', '}'});
        writer.write(Messages.json("{\"twelve\":1}"));
        assertThat(taken.toString(StandardCharsets.UTF_8)).isEqualTo("{}\0{\"twelve\":1}\0");
        assertThat(writes).containsExactly(3, 10, 3);
        assertThatThrownBy(() -> writer.write(new byte[BOUND])).isInstanceOf(FrameException.TooLarge.class);
        assertThatThrownBy(() -> new FrameWriter(sink(from -> 0), BOUND).write(new byte[1]))
                .isInstanceOf(FrameException.TooSlow.class);
    }

    @Test
    @DisplayName("A long frame leaves in pieces as it is made; one that is too long does not leave at all")
    void inPieces() throws IOException {
        List<Integer> writes = new ArrayList<>();
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(
                sink(from -> {
                    writes.add(from.remaining());
                    while (from.hasRemaining()) {
                        taken.write(from.get());
                    }
                    return 1;
                }),
                BOUND);
        writer.write(stream -> {
            stream.write('{');
            stream.write(new byte[] {'x', '"', 'a', '"', ':', '1'}, 1, 5);
            stream.write('}');
        });
        assertThat(taken.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}\0");
        assertThat(writes).containsExactly(1, 5, 1, 1);
        assertThatThrownBy(() -> writer.write(stream -> stream.write(new byte[BOUND])))
                .isInstanceOf(FrameException.TooLarge.class);
        assertThat(writes).hasSize(4);
    }

    private static FrameReader reader(int frameLength, FrameRoom room) {
        byte[] frame = new byte[frameLength + 1];
        Arrays.fill(frame, 0, frameLength, (byte) 'x');
        return new FrameReader(pieces(frame), 1 << 20, Duration.ofMinutes(1), room);
    }

    @Test
    @DisplayName("Long frames of several streams share their memory, which the next frame or the end gives back")
    void room() throws IOException {
        FrameRoom room = new FrameRoom(300_000);
        try (FrameReader one = reader(200_000, room);
                FrameReader other = reader(200_000, room);
                FrameReader third = reader(200_000, room)) {
            assertThat(one.next()).hasSize(200_000);
            assertThatThrownBy(other::next).isInstanceOf(FrameException.NoRoom.class);
            other.close();
            assertThat(reader(10_000, room).next()).hasSize(10_000);
            assertThat(one.next()).isNull();
            assertThat(third.next()).hasSize(200_000);
        }
        room.take(300_000);
    }

    private static List<String> all(FrameReader reader) throws IOException {
        List<String> frames = new ArrayList<>();
        for (byte[] frame = reader.next(); frame != null; frame = reader.next()) {
            frames.add(new String(frame, StandardCharsets.UTF_8));
        }
        return frames;
    }

    private static ReadableByteChannel pieces(byte[]... pieces) {
        List<byte[]> left = new ArrayList<>(List.of(pieces));
        left.removeIf(piece -> piece.length == 0);
        return channel(into -> {
            if (left.isEmpty()) {
                return -1;
            }
            byte[] piece = left.remove(0);
            int count = Math.min(piece.length, into.remaining());
            into.put(piece, 0, count);
            if (count < piece.length) {
                left.add(0, Arrays.copyOfRange(piece, count, piece.length));
            }
            return count;
        });
    }

    private interface Transfer {
        int of(ByteBuffer buffer) throws IOException;
    }

    private static ReadableByteChannel channel(Transfer read) {
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                return read.of(into);
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    private static WritableByteChannel sink(Transfer write) {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer from) throws IOException {
                return write.of(from);
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
