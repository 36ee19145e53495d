package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.junit.Certificate;
import org.tokend.fixtures.junit.Key;
import org.tokend.fixtures.junit.Token;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.Agree;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;

@DisplayName("A program that knows nothing but the socket")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Token(
        label = "work card",
        keys = {
            @Key(value = TestKey.RSA_2048_A, certificates = @Certificate(mail = "alice@example.org")),
            @Key(value = TestKey.P256_A, certificates = @Certificate(mail = "alice@example.org")),
            @Key(TestKey.P384),
            @Key(TestKey.P521),
            @Key(TestKey.ED25519)
        })
class EveryAlgorithmIT {
    private static final byte[] MESSAGE = "What is signed here".getBytes(StandardCharsets.UTF_8);

    private TokenClient client;
    private ScriptedPinentry pinentry;

    @BeforeAll
    void connect(SoftHsmToken token, ScriptedPinentry shared, DaemonFixture daemon) {
        pinentry = shared;
        pinentry.answer(PinentryAnswer.pin(token.pin()));
        client = TokenClient.open(daemon.socket());
    }

    @Test
    @DisplayName("sees the tokens and keys")
    void seesKeys() {
        assertThat(client.listTokens()).extracting(token -> token.label()).containsExactly("work card");
        assertThat(client.listKeys(null))
                .extracting(KeyDescription::label)
                .containsExactlyInAnyOrder("rsa-2048-a", "p256-a", "p384", "p521", "ed25519");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048_A, RSA_PKCS1_SHA256, SHA-256, SHA256withRSA",
        "RSA_2048_A, RSA_PKCS1_SHA384, SHA-384, SHA384withRSA",
        "RSA_2048_A, RSA_PKCS1_SHA512, SHA-512, SHA512withRSA",
        "RSA_2048_A, RSA_PSS_SHA256,   SHA-256, RSASSA-PSS",
        "RSA_2048_A, RSA_PSS_SHA384,   SHA-384, RSASSA-PSS",
        "RSA_2048_A, RSA_PSS_SHA512,   SHA-512, RSASSA-PSS",
        "P256_A,     ECDSA_SHA256,     SHA-256, SHA256withECDSA",
        "P256_A,     ECDSA_SHA512,     SHA-512, SHA512withECDSA",
        "P384,       ECDSA_SHA384,     SHA-384, SHA384withECDSA",
        "P521,       ECDSA_SHA512,     SHA-512, SHA512withECDSA",
        "ED25519,    ED25519,          none,    Ed25519",
    })
    @DisplayName("signs, and the JDK verifies")
    void signs(TestKey key, Algorithm algorithm, String digest, String verification) throws Exception {
        byte[] input = "none".equals(digest)
                ? MESSAGE
                : MessageDigest.getInstance(digest).digest(MESSAGE);
        byte[] signature = client.sign(new Sign(name(key), algorithm, Sign.Kind.DIGEST, input, "the test"));

        Signature verifier = Signature.getInstance(verification);
        if ("RSASSA-PSS".equals(verification)) {
            MGF1ParameterSpec mask = new MGF1ParameterSpec(digest);
            verifier.setParameter(new PSSParameterSpec(digest, "MGF1", mask, input.length, 1));
        }
        verifier.initVerify(key.publicKey());
        verifier.update(MESSAGE);
        assertThat(verifier.verify(signature)).isTrue();
        assertThat(pinentry.pinRequests()).isEqualTo(1);
    }

    @Test
    @DisplayName("signs what stands in a PKCS#1 padding, whatever it is, if it fits in")
    void signsRaw() throws Exception {
        String key = name(TestKey.RSA_2048_A);
        byte[] signature = client.sign(new Sign(key, Algorithm.RSA_PKCS1_RAW, Sign.Kind.DIGEST, MESSAGE, "the test"));

        Cipher blockTypeOne = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        blockTypeOne.init(Cipher.DECRYPT_MODE, TestKey.RSA_2048_A.publicKey());
        assertThat(blockTypeOne.doFinal(signature)).isEqualTo(MESSAGE);
        assertThatThrownBy(() -> client.sign(
                        new Sign(key, Algorithm.RSA_PKCS1_RAW, Sign.Kind.DIGEST, new byte[246], "the test")))
                .hasMessageContaining("at most 245");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_PKCS1,       none",
        "RSA_OAEP_SHA1,   SHA-1",
        "RSA_OAEP_SHA256, SHA-256",
        "RSA_OAEP_SHA384, SHA-384",
        "RSA_OAEP_SHA512, SHA-512",
    })
    @DisplayName("decrypts what the JDK encrypted")
    void decrypts(Algorithm algorithm, String digest) throws Exception {
        byte[] contentKey = new byte[32];
        contentKey[31] = 7;
        Cipher cipher;
        if ("none".equals(digest)) {
            cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, TestKey.RSA_2048_A.publicKey());
        } else {
            cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    TestKey.RSA_2048_A.publicKey(),
                    new OAEPParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), PSource.PSpecified.DEFAULT));
        }
        int length = algorithm == Algorithm.RSA_PKCS1 ? contentKey.length : 0;
        byte[] plaintext = client.decrypt(
                new Decrypt(name(TestKey.RSA_2048_A), algorithm, cipher.doFinal(contentKey), length, "the test"));
        assertThat(plaintext).isEqualTo(contentKey);
    }

    @ParameterizedTest
    @CsvSource({"P256_A, P256_B"})
    @DisplayName("agrees on the same secret as the other side")
    void agrees(TestKey ours, TestKey theirs) throws Exception {
        byte[] secret = client.agree(new Agree(name(ours), theirs.publicKey().getEncoded(), "the test"));

        KeyAgreement other = KeyAgreement.getInstance("ECDH");
        other.init(theirs.privateKey());
        other.doPhase(ours.publicKey(), true);
        assertThat(secret).isEqualTo(other.generateSecret());
    }

    @Test
    @DisplayName("learns beforehand what each key can do")
    void learnsWhatKeysCanDo() {
        Set<Algorithm> all = new TreeSet<>();
        client.listKeys(null).forEach(key -> all.addAll(key.algorithms()));
        assertThat(all)
                .contains(Algorithm.RSA_PKCS1_SHA256, Algorithm.RSA_PSS_SHA256, Algorithm.RSA_OAEP_SHA256)
                .contains(Algorithm.ECDSA_SHA256, Algorithm.ECDH, Algorithm.ED25519);
    }

    private String name(TestKey key) {
        PublicKey wanted = key.publicKey();
        return client.listKeys(null).stream()
                .filter(found -> java.util.Arrays.equals(found.publicKey(), wanted.getEncoded()))
                .map(KeyDescription::fingerprint)
                .findFirst()
                .orElseThrow();
    }
}
