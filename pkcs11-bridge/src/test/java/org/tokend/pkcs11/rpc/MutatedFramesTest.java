package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.CryptokiException;

class MutatedFramesTest {
    private static final long SEED = 20261121;
    private static final int MUTATIONS = 100_000;
    private static final int FRAMES_AT_ONCE = 20;
    private static final int HEADERS_SPARED = 50;

    /** Reading twenty small frames in the worst of ways: lists and arrays as long as their frames and not longer. */
    private static final long MOST_ALLOCATED = 4L << 20;

    private final Random random = new Random(SEED);

    /** One well-formed frame of every shape of arguments. */
    private static List<byte[]> seeds() {
        String template = "00000003 00000000 01 00000008 0000000000000003 00000102 01 00000001 00000001 02 "
                + "40000211 01 00000018 00000001 00000001 01 00000001 01 ";
        String[][] calls = {
            {"1", "ayyay", Conversation.HANDSHAKE},
            {"4", "yfu", "01 00000010"},
            {"9", "uayz", "0000000000000001 01 00000002 3132 00000005 'label'"},
            {"18", "uuay", "0000000000000011 0000000000000001 01 00000004 31323334"},
            {"20", "uaA", "0000000000000011 " + template},
            {
                "24",
                "uufA",
                "0000000000000011 0000000000000003 00000002 40000211 00000018 00000001 00000001 00000001 00000003 00000010"
            },
            {"26", "uaA", "0000000000000011 " + template},
            {"27", "ufu", "0000000000000011 00000010"},
            {
                "42",
                "uMu",
                "0000000000000011 0000000d 01 0000000000000250 0000000000000002 0000000000000020 0000000000000003"
            },
            {
                "42",
                "uMu",
                "0000000000000011 00000009 01 0000000000000250 0000000000000002 0000000000000001 00000001 00 0000000000000003"
            },
            {
                "42",
                "uMu",
                "0000000000000011 00001087 01 00000002 abcd 0000000000000010 ffffffff 0000000000000080 0000000000000003"
            },
            {"43", "uayfy", "0000000000000011 01 00000004 abcdabcd 00000100"},
            {"49", "uayay", "0000000000000011 01 00000001 ab 01 00000001 cd"},
            {"59", "uMaAaA", "0000000000000011 00000000 " + template + template},
            {
                "61",
                "uMuayaA",
                "0000000000000011 00001085 01 00000010 00000000000000000000000000000000 0000000000000003 01 00000001 ab "
                        + template
            },
            {
                "62",
                "uMuaA",
                "0000000000000011 00001050 01 0000000000000001 ffffffff 00000002 0401 0000000000000003 " + template
            },
            {"88", "uays", "0000000000000001 01 00000001 39 00000020 'mytok'*32"},
        };
        List<byte[]> seeds = new ArrayList<>();
        for (String[] call : calls) {
            seeds.add(WireText.frame(0x11, "client", Integer.parseInt(call[0]), call[1], call[2]));
        }
        return seeds;
    }

    private byte[] mutate(byte[] seed) {
        byte[] mutated = seed.clone();
        int edits = 1 + random.nextInt(4);
        // Rarely in the header: after a wrong length there, the frames behind are not looked at any more.
        int from = random.nextInt(HEADERS_SPARED) == 0 ? 0 : FrameReader.HEADER;
        for (int i = 0; i < edits; i++) {
            int at = from + random.nextInt(mutated.length - from);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt();
                case 2 -> mutated[at] = (byte) 0xff;
                default -> mutated[at] = 0x7f;
            }
        }
        return mutated;
    }

    @Test
    @DisplayName("100,000 mutated frames are answered or end the connection, with bounded memory and no other failure")
    void server() throws IOException {
        List<byte[]> seeds = seeds();
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int answered = 0;
        for (int i = 0; i < MUTATIONS / FRAMES_AT_ONCE; i++) {
            ByteArrayOutputStream input = new ByteArrayOutputStream();
            input.write(i % 3);
            input.writeBytes(WireText.frame(0x10, "client", 1, "ayyay", Conversation.HANDSHAKE));
            for (int n = 0; n < FRAMES_AT_ONCE; n++) {
                input.writeBytes(mutate(seeds.get(random.nextInt(seeds.size()))));
            }
            ScriptedWire wire = new ScriptedWire(input.toByteArray(), 1 + random.nextInt(4096));
            RpcServer server =
                    new RpcServer(wire, new ScriptedCryptoki().cryptoki(), new ReentrantLock(), new AheadSessions());
            long before = memory.getCurrentThreadAllocatedBytes();
            try {
                server.serve();
            } catch (IOException broken) {
                // A length in a header was hit: where the next frame begins is not known.
            }
            assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
            answered += wire.writes() - 1;
        }
        assertThat(answered)
                .as("replies: the connection is not given up at the first fault")
                .isGreaterThan(MUTATIONS / 2);
    }

    @Test
    @DisplayName("Mutated replies are a value, an error of the module, or the loss of the connection")
    void client() {
        String reply = "00000018 00000003 'aAu' 00000003 00000000 01 00000008 0000000000000003 00000123 00 "
                + "00000003 01 00000006 00000006 'rsakey' 0000000000000011";
        byte[] body = WireText.bytes(ScriptedServer.reply(0x11, reply));
        for (int i = 0; i < MUTATIONS / 10; i++) {
            String mutated = java.util.HexFormat.of().formatHex(mutate(body));
            assertThatCode(() -> fetch(mutated)).doesNotThrowAnyException();
        }
    }

    private static void fetch(String replies) throws CryptokiException {
        RpcConnection connection =
                RpcConnection.open(new ScriptedServer(replies), Deadlines.DEFAULT, new ReentrantLock(), loss -> {});
        try {
            new RpcCryptoki(connection, () -> {}).getAttributeValue(0x11, 3, 0, 0x123, 3);
        } catch (CryptokiException typed) {
            // Among them the loss of the connection.
        } finally {
            connection.close();
        }
    }
}
