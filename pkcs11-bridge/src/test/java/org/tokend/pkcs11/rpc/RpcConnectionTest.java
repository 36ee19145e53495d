package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.pkcs11.rpc.Conversation.hex;
import static org.tokend.pkcs11.rpc.ScriptedServer.reply;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.SignInit;

class RpcConnectionTest {
    private static final String SIGN_INIT_DONE = reply(0x11, "0000002a 00000000");

    private final List<ConnectionLostException> losses = new ArrayList<>();

    private Cryptoki client(ScriptedServer server) throws CryptokiException {
        RpcConnection connection = RpcConnection.open(server, Deadlines.DEFAULT, new ReentrantLock(), losses::add);
        return new RpcCryptoki(connection, connection::close);
    }

    private Cryptoki client(String replies) throws CryptokiException {
        return client(new ScriptedServer(replies));
    }

    @Test
    @DisplayName("A call is written as the protocol has it")
    void request() throws CryptokiException {
        ScriptedServer server = new ScriptedServer(reply(0x11, "00000012 00000000"));
        try (Cryptoki cryptoki = client(server);
                Arena arena = Arena.ofConfined()) {
            MemorySegment pin = arena.allocateFrom(ValueLayout.JAVA_BYTE, "1234".getBytes(StandardCharsets.US_ASCII));
            cryptoki.login(0x11, 1, pin);
        }
        assertThat(server.written())
                .startsWith(hex(
                        "02 00000010 00000006 00000042 'tokend' 00000001 00000005 'ayyay' " + Conversation.HANDSHAKE))
                .endsWith(hex("00000011 00000006 00000025 'tokend' 00000012 00000004 'uuay'"
                        + "0000000000000011 0000000000000001 01 00000004 31323334"));
    }

    @Test
    @DisplayName("SignInit and Sign travel in one write")
    void oneWrite() throws CryptokiException {
        ScriptedServer server =
                new ScriptedServer(SIGN_INIT_DONE + reply(0x12, "0000002b 00000002 'ay' 01 00000002 abcd"));
        try (Cryptoki cryptoki = client(server)) {
            assertThat(cryptoki.signOnce(0x11, Mechanism.of(CKM.ECDSA), 3, new byte[] {1}))
                    .isEqualTo(new byte[] {(byte) 0xab, (byte) 0xcd});
        }
        // The version, C_Initialize, and both.
        assertThat(server.writes()).isEqualTo(3);
    }

    @Test
    @DisplayName("When SignInit fails its failure counts, and the reply to Sign does not disturb the next call")
    void firstFails() throws CryptokiException {
        String replies = reply(0x11, "00000000 00000001 'u' 0000000000000082")
                + reply(0x12, "00000000 00000001 'u' 0000000000000091")
                + reply(0x13, "0000000b 00000000");
        try (Cryptoki cryptoki = client(replies)) {
            assertThatThrownBy(() -> cryptoki.signOnce(0x11, Mechanism.of(CKM.ECDSA), 3, new byte[] {1}))
                    .isExactlyInstanceOf(CryptokiException.class)
                    .hasMessage("C_SignInit returned CKR_OBJECT_HANDLE_INVALID");
            cryptoki.closeSession(0x11);
        }
        assertThat(losses).isEmpty();
    }

    @Nested
    @DisplayName("A signature of many")
    class OfMany {
        private static final String OPTIONS = " 00000006 ";
        private static final String SIGNATURE = "0000002b 00000002 'ay' 01 00000002 abcd";
        private static final SignInit INIT = new SignInit(Mechanism.of(CKM.ECDSA), 3);

        private static String init(int code) {
            return "%08x %s 0000001f 'tokend' 0000002a 00000003 'uMu' 0000000000000011 00001041 0000000000000003"
                    .formatted(code, OPTIONS);
        }

        private static String sign(int code) {
            return "%08x %s 0000001f 'tokend' 0000002b 00000005 'uayfy' 0000000000000011 01 00000001 01 00010001"
                    .formatted(code, OPTIONS);
        }

        private static String sent(ScriptedServer server) {
            String all = server.written();
            return all.substring(all.lastIndexOf(hex(Conversation.HANDSHAKE))
                    + hex(Conversation.HANDSHAKE).length());
        }

        private byte[] signature(ScriptedServer server, Ahead ahead) throws CryptokiException {
            try (Cryptoki cryptoki = client(server)) {
                assertThat(cryptoki.initsAhead()).isTrue();
                return cryptoki.signOnce(0x11, INIT, new byte[] {1}, ahead);
            }
        }

        @Test
        @DisplayName("leaves the next C_SignInit for afterwards, in the same write, without a reply")
        void again() throws CryptokiException {
            ScriptedServer server = new ScriptedServer(SIGN_INIT_DONE + reply(0x12, SIGNATURE));
            assertThat(signature(server, new Ahead(false, true))).hasSize(2);
            assertThat(sent(server)).isEqualTo(hex(init(0) + init(0x11) + sign(0x12)));
            assertThat(server.writes()).isEqualTo(3);
        }

        @Test
        @DisplayName("that has begun needs one function, and says nothing more when it is the last one")
        void begun() throws CryptokiException {
            ScriptedServer server = new ScriptedServer(reply(0x11, SIGNATURE));
            assertThat(signature(server, new Ahead(true, false))).hasSize(2);
            assertThat(sent(server)).isEqualTo(hex(sign(0x11)));
        }

        @Test
        @DisplayName("is told when the module knows nothing of it")
        void notBegun() throws CryptokiException {
            ScriptedServer server = new ScriptedServer(reply(0x11, "00000000 00000001 'u' 0000000000000091"));
            assertThatThrownBy(() -> signature(server, new Ahead(true, true)))
                    .hasMessage("C_Sign returned CKR_OPERATION_NOT_INITIALIZED");
            assertThat(sent(server)).isEqualTo(hex(init(0) + sign(0x11)));
        }
    }

    @Test
    @DisplayName("An output that needs more room than was offered is asked for again")
    void moreRoom() throws CryptokiException {
        String large = HexFormat.of().formatHex(new byte[70_000]);
        ScriptedServer server = new ScriptedServer(reply(0x11, "0000002b 00000002 'ay' 00 00011170")
                + reply(0x12, "0000002b 00000002 'ay' 01 00011170" + large));
        try (Cryptoki cryptoki = client(server)) {
            assertThat(cryptoki.sign(0x11, new byte[] {1})).hasSize(70_000);
        }
        assertThat(server.written()).endsWith(hex("01 00000001 01 00011170"));
    }

    @Test
    @DisplayName("What cannot be written is refused before anything is sent")
    void notSent() throws CryptokiException {
        ScriptedServer server = new ScriptedServer(reply(0x12, "0000000b 00000000"));
        try (Cryptoki cryptoki = client(server)) {
            String before = server.written();
            assertThatThrownBy(() ->
                            cryptoki.findObjectsInit(0x11, List.of(new Attribute(CKA.CLASS, new byte[] {1, 2, 3}))))
                    .isExactlyInstanceOf(CryptokiException.class);
            assertThat(server.written()).isEqualTo(before);
            cryptoki.closeSession(0x11);
        }
    }

    @Nested
    @DisplayName("A reply that is not exactly what the protocol asks for is the loss of the connection:")
    class Strict {
        @ParameterizedTest(name = "to C_GetObjectSize [{0}]")
        @ValueSource(
                strings = {
                    "00000012 00000000 00000011 00000017 00000001 75 0000000000000100",
                    "00000011 00000000 00000011 00000016 00000001 75 0000000000000100",
                    "00000011 00000000 00000011 00000017 00000001 76 0000000000000100",
                    "00000011 00000000 00000012 00000017 00000001 75 0000000000000100 00",
                    "00000011 00000000 00000010 00000017 00000001 75 00000000000001",
                    "00000011 00000000 00000011 00000000 00000001 75 0000000000000000",
                    "00000011 00000000 7fffffff 00000017 00000001 75",
                    "00000011 00000000 00000000",
                    "00000011 0000",
                    "",
                })
        void refused(String frame) throws CryptokiException {
            try (Cryptoki cryptoki = client(frame)) {
                assertThatThrownBy(() -> cryptoki.getObjectSize(0x11, 3))
                        .isInstanceOf(ConnectionLostException.class)
                        .hasMessageContaining("C_GetObjectSize")
                        .extracting("deadlinePassed", InstanceOfAssertFactories.BOOLEAN)
                        .isFalse();
                assertThat(losses).hasSize(1);
                assertThatThrownBy(() -> cryptoki.getObjectSize(0x11, 3)).isInstanceOf(ConnectionLostException.class);
                assertThat(losses).as("told once").hasSize(1);
            }
        }

        @ParameterizedTest(name = "to C_Sign [{0}]")
        @ValueSource(strings = {"00 00000001", "00 80000000", "00 01000000", "02 00000000", "01 80000000"})
        void output(String output) throws CryptokiException {
            try (Cryptoki cryptoki = client(reply(0x11, "0000002b 00000002 'ay'" + output))) {
                assertThatThrownBy(() -> cryptoki.sign(0x11, new byte[] {1}))
                        .isInstanceOf(ConnectionLostException.class);
            }
        }

        @ParameterizedTest(name = "to C_GetAttributeValue [{0}]")
        @ValueSource(
                strings = {
                    "00000000 0000000000000000",
                    "00000001 00000101 00 0000000000000012",
                    "00000002 00000100 00 00000100 00 0000000000000012",
                    "00000001 00000100 01 00000008 0000000000000000",
                })
        void attributes(String attributes) throws CryptokiException {
            try (Cryptoki cryptoki = client(reply(0x11, "00000018 00000003 'aAu'" + attributes))) {
                assertThatThrownBy(() -> cryptoki.getAttributeValue(0x11, 3, CKA.KEY_TYPE))
                        .isInstanceOf(ConnectionLostException.class);
            }
        }
    }

    @Test
    @DisplayName("A value that is longer than the room offered is fetched with its true length")
    void longAttribute() throws CryptokiException {
        String value = HexFormat.of().formatHex(new byte[10_000]);
        String replies = reply(0x11, "00000018 00000003 'aAu' 00000001 00000011 00 0000000000000150")
                + reply(0x12, "00000018 00000003 'aAu' 00000001 00000011 01 00002710 ffffffff 0000000000000000")
                + reply(
                        0x13,
                        "00000018 00000003 'aAu' 00000001 00000011 01 00002710 00002710" + value + "0000000000000000");
        try (Cryptoki cryptoki = client(replies)) {
            assertThat(cryptoki.getAttributeValue(0x11, 3, CKA.VALUE)
                            .get(CKA.VALUE)
                            .value())
                    .hasSize(10_000);
        }
    }

    @Test
    @DisplayName("A reply that comes byte by byte is no longer waited for than one that does not come")
    void dribble() {
        ScriptedServer server = new ScriptedServer("");
        server.slowly(Duration.ofMillis(20));
        Deadlines brief = Deadlines.DEFAULT.withOrdinary(Duration.ofMillis(100));
        assertThatThrownBy(() -> RpcConnection.open(server, brief, new ReentrantLock(), losses::add))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessage("C_Initialize did not return within its deadline");
    }

    @Test
    @DisplayName("No answer within the deadline is told as such")
    void deadline() throws CryptokiException {
        try (Cryptoki cryptoki = client(new ScriptedServer("").hanging())) {
            assertThatThrownBy(() -> cryptoki.getObjectSize(0x11, 3))
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessage("C_GetObjectSize did not return within its deadline")
                    .extracting("returnValue")
                    .isEqualTo(CKR.DEVICE_ERROR);
        }
        assertThat(losses).hasSize(1);
    }
}
