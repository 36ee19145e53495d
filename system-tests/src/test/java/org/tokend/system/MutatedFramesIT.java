package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("Frames that something has damaged")
@Timeout(300)
class MutatedFramesIT {
    private static final long SEED = 20261121;
    private static final int CONNECTIONS = 2_000;
    private static final int FRAMES = 50;
    private static final int HEADER = 12;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final List<CallTable.Shape> calls = CallTable.all();

    /** Rarely in the header: after a wrong length there, the frames behind are not looked at any more. */
    private byte[] mutated(byte[] frame) {
        int from = random.nextInt(200) == 0 ? 0 : HEADER;
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = from + random.nextInt(frame.length - from);
            switch (random.nextInt(4)) {
                case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> frame[at] = (byte) random.nextInt();
                case 2 -> frame[at] = (byte) 0xff;
                default -> frame[at] = 0x7f;
            }
        }
        return frame;
    }

    private byte[] next(int code) {
        CallTable.Shape call = calls.get(1 + random.nextInt(calls.size() - 1));
        return mutated(HandMadeConnection.frame(
                code, call.id(), call.request(), call.arguments(random.nextInt(3), random.nextInt(4))));
    }

    /** @return the replies, of which there are as many as frames unless a header was hit */
    private int converse(Path socket, int version) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(FRAMES * 700);
        for (int i = 0; i < FRAMES; i++) {
            all.put(next(0x10 + i));
        }
        int replies = 0;
        try (HandMadeConnection connection = new HandMadeConnection(socket, version)) {
            connection.send(HandMadeConnection.initialize()).reply();
            connection
                    .send(java.util.Arrays.copyOf(all.array(), all.position()))
                    .finish();
            while (connection.reply() != null) {
                replies++;
            }
        } catch (IOException broken) {
            // The daemon ended the connection over a header.
        }
        return replies;
    }

    @Test
    @DisplayName("100,000 of them: each costs its call or its connection, and the programs beside them sign on")
    void besideHonestPrograms() throws Exception {
        try (ApplicationDesk desk = new ApplicationDesk(directory, builder -> {}, TestKey.P256_A);
                NativeApplication application = desk.application();
                HonestClient honest = HonestClient.start(
                        desk.daemon().socket(),
                        "pkcs11:object=" + TestKey.P256_A.defaultLabel(),
                        TestKey.P256_A.publicKey())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> honest.served() > 0);
            long session = application.begin();
            long key = application.privateKey(session, TestKey.P256_A.defaultLabel());
            long daemon = desk.daemon().pid();
            int replies = 0;
            for (int i = 0; i < CONNECTIONS; i++) {
                replies += converse(desk.socket(), i % 3);
                if (i % 50 == 0) {
                    byte[] digest = new byte[32];
                    digest[0] = (byte) i;
                    ApplicationDesk.assertSigned(
                            digest,
                            application.sign(session, key, digest).succeeded().bytes());
                }
            }
            assertThat(replies).as("frames that were answered").isGreaterThan(CONNECTIONS * FRAMES / 2);
            int before = honest.served();
            await().atMost(Duration.ofSeconds(30)).until(() -> honest.served() > before);
            assertThat(desk.daemon().pid()).isEqualTo(daemon);
        }
    }
}
