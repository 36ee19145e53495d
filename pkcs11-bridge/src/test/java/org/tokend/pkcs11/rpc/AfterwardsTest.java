package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.pkcs11.rpc.Conversation.hex;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

@DisplayName("A C_SignInit that is left for afterwards")
class AfterwardsTest {
    private final ScriptedCryptoki module = new ScriptedCryptoki();

    private static final String INIT = "0000000000000011 00001041 0000000000000003";
    private static final String DATA = "0000000000000011 01 00000002 abcd 00000100";
    private static final String INIT_CALL = "signInit[17, " + Mechanism.of(CKM.ECDSA) + ", 3]";

    private Conversation signing() {
        return Conversation.of(module, 2)
                .left(42, "uMu", INIT)
                .call(42, "uMu", INIT)
                .call(43, "uayfy", DATA);
    }

    @Test
    @DisplayName("is carried out after the signature, once, and not answered")
    void done() throws IOException {
        module.answering("sign", new byte[] {1});
        Conversation conversation = signing().call(11, "u", "0000000000000011");
        assertThat(conversation.replies())
                .endsWith(
                        hex("0000002a 00000000"),
                        hex("0000002b 00000002 'ay' 01 00000001 01"),
                        hex("0000000b 00000000"));
        assertThat(module.calls()).containsExactly(INIT_CALL, "sign[17, abcd]", INIT_CALL, "closeSession[17]");
    }

    @Test
    @DisplayName("is forgotten when there was no signature")
    void forgotten() throws IOException {
        module.answering("sign", new CryptokiException("C_Sign", CKR.DEVICE_ERROR));
        signing().call(43, "uayfy", DATA).replies();
        assertThat(module.calls()).containsExactly(INIT_CALL, "sign[17, abcd]", "sign[17, abcd]");
    }

    @Test
    @DisplayName("fails without a word")
    void fails() throws IOException {
        module.answering("sign", new byte[] {1})
                .answering("signInit", new CryptokiException("C_SignInit", CKR.KEY_HANDLE_INVALID));
        List<String> replies = Conversation.of(module, 2)
                .left(42, "uMu", INIT)
                .call(43, "uayfy", DATA)
                .call(11, "u", "0000000000000011")
                .replies();
        assertThat(replies).endsWith(hex("0000002b 00000002 'ay' 01 00000001 01"), hex("0000000b 00000000"));
    }

    @Test
    @DisplayName("is the only call that can be")
    void noOther() {
        Conversation other = Conversation.of(module, 2).left(11, "u", "0000000000000011");
        assertThatThrownBy(other::replies).isInstanceOf(IOException.class);
        assertThat(module.calls()).isEmpty();
    }
}
