package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.pkcs11.rpc.Conversation.error;
import static org.tokend.pkcs11.rpc.Conversation.hex;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

class RpcServerTest {
    private final ScriptedCryptoki module = new ScriptedCryptoki();

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({"0,0", "1,1", "2,2", "7,2", "255,2"})
    @DisplayName("The lesser of both versions is agreed on")
    void version(int offered, int answered) throws IOException {
        ScriptedWire wire = new ScriptedWire(new byte[] {(byte) offered}, 1);
        new RpcServer(wire, module.cryptoki(), new ReentrantLock(), new AheadSessions()).serve();
        assertThat(wire.written()).containsExactly(answered);
    }

    @Nested
    @DisplayName("A message that makes no sense costs the call and not the connection:")
    class Nonsense {
        @ParameterizedTest(name = "body [{0}]")
        @ValueSource(
                strings = {
                    "",
                    "000000",
                    "0000005a 00000001 'u' 0000000000000001",
                    "00000000 00000001 'u' 0000000000000001",
                    "0000000b 00000002 'uu' 0000000000000001 0000000000000001",
                    "0000000b 7fffffff 'u'",
                    "0000000b ffffffff",
                    "0000000b 00000001 'u' 00000000",
                    "00000012 00000004 'uuay' 0000000000000011 0000000000000001 02 00000004 31323334",
                    "00000012 00000004 'uuay' 0000000000000011 0000000000000001 01 7fffffff 31323334",
                    "0000001a 00000003 'uaA' 0000000000000011 7fffffff",
                })
        void answered(String body) throws IOException {
            List<String> replies = Conversation.of(module, 0)
                    .body(body)
                    .call(11, "u", "0000000000000001")
                    .replies();
            assertThat(replies.get(1)).isEqualTo(error(CKR.DEVICE_ERROR));
            assertThat(replies.get(2)).isEqualTo(hex("0000000b 00000000"));
        }

        @Test
        @DisplayName("what follows the last argument is ignored")
        void trailing() throws IOException {
            assertThat(Conversation.of(module, 0)
                            .call(11, "u", "0000000000000001 ffffffffff")
                            .lastReply())
                    .isEqualTo(hex("0000000b 00000000"));
        }

        @Test
        @DisplayName("a frame over the bound ends the connection before memory is given to it")
        void oversize() {
            Conversation conversation = Conversation.of(module, 0).raw(WireText.bytes("00000011 00000000 01000001"));
            assertThatThrownBy(conversation::replies).isInstanceOf(IOException.class);
            Conversation options = Conversation.of(module, 0).raw(WireText.bytes("00000011 ffffffff 00000008"));
            assertThatThrownBy(options::replies).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("Before C_Initialize every call is refused, and so is a wrong handshake")
    void initialise() throws IOException {
        List<String> replies = new Conversation(module, 0)
                .call(3, "", "")
                .call(1, "ayyay", "01 00000005 'hello' 00 01 00000001 00")
                .call(1, "ayyay", Conversation.HANDSHAKE)
                .call(1, "ayyay", Conversation.HANDSHAKE)
                .call(2, "", "")
                .call(2, "", "")
                .replies();
        assertThat(replies)
                .containsExactly(
                        error(CKR.CRYPTOKI_NOT_INITIALIZED),
                        error(CKR.GENERAL_ERROR),
                        hex("00000001 00000000"),
                        hex("00000001 00000000"),
                        hex("00000002 00000000"),
                        error(CKR.CRYPTOKI_NOT_INITIALIZED));
    }

    @Test
    @DisplayName("What the module returns arrives with all its 64 bits")
    void returnValues() throws IOException {
        module.answering("login", new CryptokiException("C_Login", CKR.PIN_INCORRECT))
                .answering("logout", new CryptokiException("C_Logout", 0x1_0000_0005L));
        List<String> replies = Conversation.of(module, 0)
                .call(18, "uuay", "0000000000000011 0000000000000001 01 00000001 39")
                .call(19, "u", "0000000000000011")
                .replies();
        assertThat(replies).endsWith(error(0xa0), error(0x1_0000_0005L));
    }

    @Test
    @DisplayName("Calls of PKCS#11 3.0 and those that the module's interface lacks are not supported")
    void notSupported() throws IOException {
        List<String> replies = Conversation.of(module, 1)
                .call(67, "uu", "0000000000000011 0000000000000000")
                .call(16, "ufy", "0000000000000011 00000100")
                .replies();
        assertThat(replies).endsWith(error(CKR.FUNCTION_NOT_SUPPORTED), error(CKR.FUNCTION_NOT_SUPPORTED));
    }

    @Test
    @DisplayName("A NULL PIN is told from an empty one, in the way of old and of new clients")
    void pins() throws IOException {
        String login = "0000000000000011 0000000000000001 ";
        Conversation.of(module, 2)
                .call(18, "uuay", login + "00 00000000")
                .call(18, "uuay", login + "01 ffffffff")
                .call(18, "uuay", login + "01 00000000")
                .call(15, "uayay", "0000000000000011 00 00000000 01 00000002 3132")
                .replies();
        assertThat(module.calls())
                .containsExactly(
                        "login[17, 1, null]", "login[17, 1, null]", "login[17, 1, ]", "setPin[17, null, 3132]");
    }

    @Test
    @DisplayName("Labels of new tokens: old clients send them up to a NUL, new ones padded")
    void labels() throws IOException {
        Conversation.of(module, 1)
                .call(9, "uayz", "0000000000000001 01 00000001 39 00000020 'mytok'*32")
                .call(9, "uayz", "0000000000000001 01 00000001 39 00000022 'a label that has no NUL at its end'")
                .call(88, "uays", "0000000000000001 01 00000001 39 00000020 'mytok'*32")
                .replies();
        assertThat(module.calls())
                .containsExactly(
                        "initToken[1, 39, mytok]",
                        "initToken[1, 39, a label that has no NUL at its e]",
                        "initToken[1, 39, mytok]");
    }

    @Nested
    @DisplayName("Attributes")
    class Attributes {
        private static final String OBJECT = "0000000000000011 0000000000000003 ";

        @Test
        @DisplayName("a sensitive one is marked, the others arrive")
        void sensitive() throws IOException {
            module.answering(
                    "getAttributeValue",
                    new AttributeValues(
                            List.of(
                                    Attribute.of(CKA.CLASS, 3),
                                    Attribute.unavailable(CKA.PRIVATE_EXPONENT),
                                    Attribute.of(
                                            CKA.LABEL, "rsakey".getBytes(java.nio.charset.StandardCharsets.US_ASCII))),
                            CKR.ATTRIBUTE_SENSITIVE));
            assertThat(Conversation.of(module, 0)
                            .call(24, "uufA", OBJECT + "00000003 00000000 00000008 00000123 00000100 00000003 00000040")
                            .lastReply())
                    .isEqualTo(hex("00000018 00000003 'aAu' 00000003 00000000 01 00000008 0000000000000003 00000123 00"
                            + "00000003 01 00000006 00000006 'rsakey' 0000000000000011"));
        }

        @Test
        @DisplayName("asked for their lengths, they come with the true length and a placeholder")
        void lengths() throws IOException {
            module.answering(
                    "getAttributeValue",
                    new AttributeValues(
                            List.of(
                                    Attribute.of(CKA.LABEL, new byte[6]),
                                    Attribute.of(CKA.MODULUS, new byte[256]),
                                    Attribute.of(CKA.SIGN, true),
                                    Attribute.of(CKA.ALLOWED_MECHANISMS, new byte[16])),
                            CKR.OK));
            assertThat(Conversation.of(module, 0)
                            .call(
                                    24,
                                    "uufA",
                                    OBJECT
                                            + "00000004 00000003 00000000 00000120 00000000 00000108 00000000 40000600 00000000")
                            .lastReply())
                    .isEqualTo(hex("00000018 00000003 'aAu' 00000004 00000003 01 00000006 ffffffff"
                            + "00000120 01 00000100 ffffffff 00000108 01 00000001 00"
                            + "40000600 01 00000010 00000000 0000000000000000"));
        }

        @Test
        @DisplayName("one that is longer than the caller's buffer is left out, and the call says so")
        void tooSmall() throws IOException {
            module.answering(
                    "getAttributeValue", new AttributeValues(List.of(Attribute.of(CKA.LABEL, new byte[6])), CKR.OK));
            assertThat(Conversation.of(module, 0)
                            .call(24, "uufA", OBJECT + "00000001 00000003 00000005")
                            .lastReply())
                    .isEqualTo(hex("00000018 00000003 'aAu' 00000001 00000003 00 0000000000000150"));
        }

        @Test
        @DisplayName("none asked for is an error: a reply with none would abort the client's program")
        void none() throws IOException {
            assertThat(Conversation.of(module, 0)
                            .call(24, "uufA", OBJECT + "00000000")
                            .lastReply())
                    .isEqualTo(error(CKR.ARGUMENTS_BAD));
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({
            "0.24.1 without buffer, 00000002 40000211 00000000 00000003 00000010",
            "0.24.1 with buffer,    00000002 40000211 00000018 00000003 00000010",
            "0.25.5 without buffer, 00000002 40000211 00000000 00000000 00000003 00000010",
            "0.25.4 with buffer,    00000002 40000211 00000018 00000001 00000003 00000000 00000003 00000010",
            "0.25.5 with both,      00000003 40000211 00000018 00000001 00000003 00000000 40000212 00000000 00000000 00000003 00000010",
        })
        @DisplayName("buffers for templates are understood as all client versions write them")
        void templateBuffers(String client, String buffers) throws IOException {
            module.answering(
                    "getAttributeValue", new AttributeValues(List.of(Attribute.of(CKA.LABEL, new byte[] {7})), CKR.OK));
            String reply = Conversation.of(module, 0)
                    .call(24, "uufA", OBJECT + buffers)
                    .lastReply();
            assertThat(module.calls()).containsExactly("getAttributeValue[17, 3, [3]]");
            assertThat(reply).startsWith(hex("00000018 00000003 'aAu'")).contains(hex("40000211 00"));
            assertThat(reply).endsWith(hex("00000003 01 00000001 00000001 07 0000000000000012"));
        }

        @Test
        @DisplayName("a template inside a template is read to its end and refused")
        void nestedTemplate() throws IOException {
            List<String> replies = Conversation.of(module, 0)
                    .call(20, "uaA", "0000000000000011 00000001 40000211 01 00000018 00000001 00000001 01 00000001 01")
                    .call(20, "uaA", "0000000000000011 " + nest(9))
                    .call(20, "uaA", "0000000000000011 00000001 00000000 01 00000004 0000000000000003")
                    .replies();
            assertThat(replies.subList(1, 3))
                    .containsExactly(error(CKR.ATTRIBUTE_TYPE_INVALID), error(CKR.DEVICE_ERROR));
            assertThat(module.calls()).containsExactly("createObject[17, [Attribute[0x0, 8 bytes]]]");
        }

        private static String nest(int depth) {
            return depth == 0 ? "00000000" : "00000001 40000211 01 00000018 " + nest(depth - 1);
        }
    }

    @Nested
    @DisplayName("Outputs")
    class Outputs {
        private static final String DATA = "0000000000000011 01 00000002 abcd ";

        @Test
        @DisplayName("are held when only their length was asked for: the operation runs once")
        void lengthFirst() throws IOException {
            module.answering("sign", new byte[] {1, 2, 3});
            List<String> replies = Conversation.of(module, 0)
                    .call(43, "uayfy", DATA + "00000000")
                    .call(43, "uayfy", DATA + "ffffffff")
                    .call(43, "uayfy", DATA + "00000002")
                    .call(43, "uayfy", DATA + "00000003")
                    .replies();
            String length = hex("0000002b 00000002 'ay' 00 00000003");
            assertThat(replies).endsWith(length, length, length, hex("0000002b 00000002 'ay' 01 00000003 010203"));
            assertThat(module.calls()).containsExactly("sign[17, abcd]");
        }

        @Test
        @DisplayName("are not given for other input, nor after a new Init")
        void notForOthers() throws IOException {
            module.answering("sign", new byte[] {1});
            Conversation.of(module, 0)
                    .call(43, "uayfy", DATA + "00000000")
                    .call(43, "uayfy", "0000000000000011 01 00000002 abce 00000001")
                    .call(43, "uayfy", DATA + "00000000")
                    .call(42, "uMu", "0000000000000011 00001041 ffffffff 0000000000000003")
                    .call(43, "uayfy", DATA + "00000001")
                    .replies();
            assertThat(module.calls())
                    .filteredOn(call -> call.startsWith("sign["))
                    .hasSize(4);
        }

        @Test
        @DisplayName("of no bytes end an operation that an old client finishes with a buffer of length 0")
        void empty() throws IOException {
            module.answering("encryptFinal", new byte[0]);
            List<String> replies = Conversation.of(module, 0)
                    .call(32, "ufy", "0000000000000011 00000000")
                    .call(32, "ufy", "0000000000000011 00000000")
                    .replies();
            String nothing = hex("00000020 00000002 'ay' 01 00000000");
            assertThat(replies).endsWith(nothing, nothing);
            assertThat(module.calls()).hasSize(1);
        }

        @Test
        @DisplayName("random bytes: as many as the buffer is long, none for none")
        void random() throws IOException {
            module.answering("generateRandom", new byte[] {9, 9});
            List<String> replies = Conversation.of(module, 2)
                    .call(64, "ufy", "0000000000000011 00000002")
                    .call(64, "ufy", "0000000000000011 ffffffff")
                    .call(64, "ufy", "0000000000000011 00000000")
                    .replies();
            String none = hex("00000040 00000002 'ay' 01 00000000");
            assertThat(replies).endsWith(hex("00000040 00000002 'ay' 01 00000002 0909"), none, none);
            assertThat(module.calls()).containsExactly("generateRandom[17, 2]");
        }

        @Test
        @DisplayName("a search for none finds none")
        void searchForNone() throws IOException {
            assertThat(Conversation.of(module, 0)
                            .call(27, "ufu", "0000000000000011 00000000")
                            .lastReply())
                    .isEqualTo(hex("0000001b 00000002 'au' 01 00000000"));
        }
    }

    @Test
    @DisplayName("SignInit and Sign that came together are answered together")
    void together() throws IOException {
        module.answering("sign", new byte[] {1});
        Conversation conversation = Conversation.of(module, 0)
                .call(42, "uMu", "0000000000000011 00001041 ffffffff 0000000000000003")
                .call(43, "uayfy", "0000000000000011 01 00000002 abcd 00000100");
        assertThat(conversation.replies()).hasSize(3);
        // The version, C_Initialize, and both.
        assertThat(conversation.writes()).isEqualTo(3);
    }

    @Test
    @DisplayName("The reply to the newer C_DeriveKey tells what became of the parameter")
    void deriveKey2() throws IOException {
        module.answering("deriveKey", 5L);
        assertThat(Conversation.of(module, 2)
                        .call(
                                89,
                                "uMuaA",
                                "0000000000000011 00001050 01 0000000000000001 ffffffff 00000002 0401 0000000000000003 00000000")
                        .lastReply())
                .isEqualTo(hex("00000059 00000003 'uPu' 0000000000000000 01 0000000000000005"));
    }

    @Test
    @DisplayName("A defect of the module's wrapper costs the call and not the connection")
    void defect() throws IOException {
        module.answering("getObjectSize", "not a number");
        List<String> replies = Conversation.of(module, 0)
                .call(23, "uu", "0000000000000011 0000000000000003")
                .call(11, "u", "0000000000000011")
                .replies();
        assertThat(replies).endsWith(error(CKR.GENERAL_ERROR), hex("0000000b 00000000"));
    }
}
