package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.junit.Certificate;
import org.tokend.fixtures.junit.Key;
import org.tokend.fixtures.junit.Token;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Sign;

@Token(
        keys = {
            @Key(
                    value = TestKey.RSA_2048_A,
                    label = "rsa",
                    id = "01",
                    certificates = @Certificate(mail = "a@example.org", of = TestKey.RSA_2048_B)),
            @Key(
                    value = TestKey.P256_A,
                    label = "ec",
                    id = "02",
                    publicKey = false,
                    certificates = @Certificate(mail = "a@example.org", of = TestKey.P256_B)),
            @Key(
                    value = TestKey.RSA_2048_C,
                    label = "sound",
                    id = "03",
                    certificates = @Certificate(mail = "c@example.org"))
        })
@Timeout(120)
@DisplayName("The certificate of key B beside key A")
class CertificateOfAnotherKeyIT {
    private TokenClient client;
    private ScriptedPinentry pinentry;

    @BeforeEach
    void connect(DaemonFixture daemon, SoftHsmToken token, ScriptedPinentry scripted) {
        pinentry = scripted.always(PinentryAnswer.pin(token.pin()));
        client = TokenClient.open(daemon.socket());
    }

    private static String fingerprint(TestKey key) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(key.publicKey().getEncoded());
        return "sha256:" + HexFormat.of().formatHex(digest);
    }

    private TokenClientException refusal(String key, Algorithm algorithm) {
        Sign request = new Sign(key, algorithm, Sign.Kind.DIGEST, new byte[32], "test");
        TokenClientException refusal = catchThrowableOfType(TokenClientException.class, () -> client.sign(request));
        assertThat(refusal).as(key).isNotNull();
        return refusal;
    }

    @Test
    @DisplayName(
            "is refused under every name that key A or B has, with both in the message, and nobody is asked for a PIN")
    void rsa() throws Exception {
        String[] names = {
            "pkcs11:id=%01", "pkcs11:object=rsa", fingerprint(TestKey.RSA_2048_A), fingerprint(TestKey.RSA_2048_B)
        };
        for (String name : names) {
            TokenClientException refusal = refusal(name, Algorithm.RSA_PKCS1_SHA256);

            assertThat(refusal.code()).as(name).isEqualTo(ErrorCode.KEY_MISMATCH);
            assertThat(refusal)
                    .hasMessageContaining("certificate under CKA_ID 01")
                    .hasMessageContaining(fingerprint(TestKey.RSA_2048_A))
                    .hasMessageContaining(fingerprint(TestKey.RSA_2048_B));
        }
        assertThat(pinentry.pinRequests()).isZero();
    }

    @Test
    @DisplayName("is refused after the login too, and the sound key beside it works")
    void afterLogin() throws Exception {
        Sign sound = new Sign("pkcs11:id=%03", Algorithm.RSA_PKCS1_SHA256, Sign.Kind.DIGEST, new byte[32], "test");
        assertThat(client.sign(sound)).hasSize(256);

        assertThat(refusal("pkcs11:id=%01", Algorithm.RSA_PKCS1_SHA256).code()).isEqualTo(ErrorCode.KEY_MISMATCH);
        assertThat(refusal(fingerprint(TestKey.RSA_2048_B), Algorithm.RSA_PKCS1_SHA256)
                        .code())
                .isEqualTo(ErrorCode.KEY_MISMATCH);
        assertThat(client.sign(sound)).hasSize(256);
    }

    @Test
    @DisplayName("is unmasked by the possession check where the token tells nothing of key A")
    void ec() throws Exception {
        for (String name : new String[] {"pkcs11:id=%02", fingerprint(TestKey.P256_B)}) {
            TokenClientException refusal = refusal(name, Algorithm.ECDSA_SHA256);

            assertThat(refusal.code()).as(name).isEqualTo(ErrorCode.KEY_MISMATCH);
            assertThat(refusal)
                    .hasMessageContaining("CKA_ID 02")
                    .hasMessageContaining(fingerprint(TestKey.P256_B))
                    .hasMessageContaining("certificate");
        }
    }

    @Test
    @DisplayName("is shown by tokenctl as a problem of the key")
    void shown(DaemonFixture daemon) throws Exception {
        CommandResult keys = daemon.tokenctl("keys", "--json");

        assertThat(keys.status()).isZero();
        assertThat(keys.output())
                .contains("certificate under CKA_ID 01")
                .contains(fingerprint(TestKey.RSA_2048_A))
                .contains(fingerprint(TestKey.RSA_2048_B));
    }
}
