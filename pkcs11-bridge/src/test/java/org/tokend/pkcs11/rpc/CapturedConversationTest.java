package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.cryptoki.Version;

class CapturedConversationTest {
    private static final Version SOFTHSM = new Version(2, 6);
    private static final long UNAVAILABLE = -1;

    private static ScriptedCryptoki softHsm() {
        return new ScriptedCryptoki()
                .answering("getSlotList", new long[] {0x11})
                .answering(
                        "getSlotInfo",
                        new SlotInfo("SoftHSM slot ID 0x3ae004a1", "SoftHSM project", 1, SOFTHSM, SOFTHSM))
                .answering(
                        "getTokenInfo",
                        new TokenInfo(
                                "research",
                                "SoftHSM project",
                                "SoftHSM v2",
                                "2c2d4d0cbae004a1",
                                0x42d,
                                0,
                                UNAVAILABLE,
                                0,
                                UNAVAILABLE,
                                255,
                                4,
                                UNAVAILABLE,
                                UNAVAILABLE,
                                UNAVAILABLE,
                                UNAVAILABLE,
                                SOFTHSM,
                                SOFTHSM,
                                "2026112101292100"))
                .answering("openSession", 0x11L)
                .answering("findObjects", new long[] {3})
                .answering(
                        "getAttributeValue",
                        new AttributeValues(List.of(Attribute.of(CKA.ALWAYS_AUTHENTICATE, false)), CKR.OK))
                .answering(
                        "sign",
                        "r, thirty-two bytes of a raw one, and s, as many bytes of it too"
                                .getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest(name = "{0} bytes at once")
    @ValueSource(ints = {1, 7, 100_000})
    @DisplayName("A conversation of Debian 12's client is answered byte for byte as Debian 12's server did")
    void answersAsCaptured(int chunk) throws IOException {
        ScriptedWire wire = new ScriptedWire(captured('C'), chunk);
        ScriptedCryptoki module = softHsm();

        new RpcServer(wire, module.cryptoki(), new ReentrantLock(), new AheadSessions()).serve();

        assertThat(wire.written()).asHexString().isEqualTo(hex(captured('S')));
        assertThat(module.calls())
                .contains(
                        "login[17, 1, 31323334]",
                        "findObjectsInit[17, [Attribute[0x0, 8 bytes], Attribute[0x102, 1 bytes]]]",
                        "signInit[17, Mechanism[type=4161, parameter=None[]], 3]");
    }

    /** What the client wrote behind the byte with its version. */
    static byte[] frames() throws IOException {
        byte[] written = captured('C');
        return Arrays.copyOfRange(written, 1, written.length);
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().withUpperCase().formatHex(bytes);
    }

    private static byte[] captured(char side) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = CapturedConversationTest.class.getResourceAsStream("sign-with-0.24.1.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.charAt(0) == side)
                    .forEach(line -> bytes.writeBytes(WireText.bytes(line.substring(2))));
        }
        return bytes.toByteArray();
    }
}
