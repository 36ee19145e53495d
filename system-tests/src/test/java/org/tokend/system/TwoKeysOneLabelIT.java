package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.MessageDigest;
import java.security.Signature;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.DaemonFixture;
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
            @Key(value = TestKey.RSA_2048_A, label = "same", id = "01"),
            @Key(value = TestKey.RSA_2048_B, label = "same", id = "02"),
            @Key(value = TestKey.P256_A, label = "twin", id = "03"),
            @Key(value = TestKey.P256_B, label = "twin", id = "03")
        })
@Timeout(120)
@DisplayName("Two keys with one label")
class TwoKeysOneLabelIT {
    private static final byte[] MESSAGE = {1, 2, 3};

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

    private static Sign request(String key, Algorithm algorithm) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        return new Sign(key, algorithm, Sign.Kind.DIGEST, digest, "test");
    }

    private void ambiguous(String key, Algorithm algorithm, TestKey one, TestKey other) throws Exception {
        Sign request = request(key, algorithm);
        TokenClientException refusal = catchThrowableOfType(TokenClientException.class, () -> client.sign(request));

        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.KEY_AMBIGUOUS);
        assertThat(refusal).hasMessageContaining(fingerprint(one)).hasMessageContaining(fingerprint(other));
    }

    private void signs(String key, Algorithm algorithm, String java, TestKey expected) throws Exception {
        Signature verifier = Signature.getInstance(java);
        verifier.initVerify(expected.publicKey());
        verifier.update(MESSAGE);
        assertThat(verifier.verify(client.sign(request(key, algorithm))))
                .as(key)
                .isTrue();
    }

    @Test
    @DisplayName("are an error that lists both, before anybody is asked for a PIN and after the login")
    void listed() throws Exception {
        ambiguous("pkcs11:object=same", Algorithm.RSA_PKCS1_SHA256, TestKey.RSA_2048_A, TestKey.RSA_2048_B);
        ambiguous("pkcs11:object=twin;id=%03", Algorithm.ECDSA_SHA256, TestKey.P256_A, TestKey.P256_B);
        assertThat(pinentry.pinRequests()).isZero();

        signs("pkcs11:object=same;id=%01", Algorithm.RSA_PKCS1_SHA256, "SHA256withRSA", TestKey.RSA_2048_A);
        ambiguous("pkcs11:object=same", Algorithm.RSA_PKCS1_SHA256, TestKey.RSA_2048_A, TestKey.RSA_2048_B);
        ambiguous("pkcs11:object=twin", Algorithm.ECDSA_SHA256, TestKey.P256_A, TestKey.P256_B);
    }

    @Test
    @DisplayName("each sign under their own names, also those that share the CKA_ID")
    void named() throws Exception {
        for (TestKey key : new TestKey[] {TestKey.RSA_2048_A, TestKey.RSA_2048_B}) {
            signs(fingerprint(key), Algorithm.RSA_PKCS1_SHA256, "SHA256withRSA", key);
        }
        for (TestKey key : new TestKey[] {TestKey.P256_A, TestKey.P256_B}) {
            signs(fingerprint(key), Algorithm.ECDSA_SHA256, "SHA256withECDSA", key);
        }
        signs("pkcs11:id=%02", Algorithm.RSA_PKCS1_SHA256, "SHA256withRSA", TestKey.RSA_2048_B);
    }
}
