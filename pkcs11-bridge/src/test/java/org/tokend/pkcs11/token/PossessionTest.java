package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.KeyUsage;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;

@DisplayName("Keys and their certificates on a real token")
class PossessionTest {
    private static final byte[] ID = {1};

    private SoftHsmToken hsm;

    @SuppressWarnings("NullAway.Init") // Each test opens it when the keys are on the token.
    private SoftHsmRig rig;

    @BeforeEach
    void create() {
        hsm = SoftHsmToken.create();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private List<KeyDescriptor> keysAfterLogin() throws Exception {
        rig = SoftHsmRig.on(hsm);
        rig.login();
        return rig.token().keys();
    }

    private void certificate(TestKey of, byte[] id) {
        hsm.importCertificate(TestCa.create().mail(of.publicKey(), "a@example.org"), "certificate", id);
    }

    private static String fingerprint(TestKey key) {
        return KeyFingerprint.of(key.publicKey().getEncoded()).toString();
    }

    @Test
    @DisplayName(
            "RSA: the certificate of key B under the CKA_ID of key A is seen without any signature, both are named")
    void foreignRsaCertificate() throws Exception {
        hsm.importKey(KeyImport.of(TestKey.RSA_2048_A.keyPair(), "mail").withId("01"));
        certificate(TestKey.RSA_2048_B, ID);

        assertThat(keysAfterLogin())
                .hasSize(2)
                .allSatisfy(key -> assertThat(key.problem())
                        .contains(fingerprint(TestKey.RSA_2048_A))
                        .contains(fingerprint(TestKey.RSA_2048_B)));
        for (KeyDescriptor key : rig.token().keys()) {
            assertThatThrownBy(() -> rig.token().sign(key, KeyAlgorithm.RSA_PKCS1_SHA256, new byte[32], null))
                    .isInstanceOf(TokenException.KeyMismatch.class)
                    .hasMessageContaining(fingerprint(TestKey.RSA_2048_A))
                    .hasMessageContaining(fingerprint(TestKey.RSA_2048_B));
        }
    }

    @Test
    @DisplayName("EC: the certificate of key B beside key A is unmasked by the possession check")
    void foreignEcCertificate() throws Exception {
        hsm.importKey(
                KeyImport.of(TestKey.P256_A.keyPair(), "mail").withId("01").withoutPublicKeyObject());
        certificate(TestKey.P256_B, ID);
        KeyDescriptor key = keysAfterLogin().getFirst();

        assertThatThrownBy(() -> rig.token().provePossession(key, null))
                .isInstanceOf(TokenException.KeyMismatch.class)
                .hasMessageContaining(fingerprint(TestKey.P256_B));
        assertThat(rig.token().keys().getFirst().problem()).contains(fingerprint(TestKey.P256_B));
        assertThatThrownBy(() -> rig.token().sign(key, KeyAlgorithm.ECDSA_SHA256, new byte[32], null))
                .isInstanceOf(TokenException.KeyMismatch.class);
    }

    @Test
    @DisplayName("EC: where public key and certificate disagree, the private key itself decides")
    void disagreement() throws Exception {
        hsm.importKey(KeyImport.of(TestKey.P256_A.keyPair(), "mail").withId("01"));
        certificate(TestKey.P256_B, ID);
        List<KeyDescriptor> keys = keysAfterLogin();

        assertThat(keys)
                .filteredOn(KeyDescriptor::seen)
                .extracting(each -> each.fingerprint().toString())
                .containsExactly(fingerprint(TestKey.P256_A));
        assertThat(keys)
                .allSatisfy(key -> assertThat(key.problem())
                        .contains(fingerprint(TestKey.P256_A))
                        .contains(fingerprint(TestKey.P256_B)));
    }

    @Test
    @DisplayName("two keys with one label and one CKA_ID stay two, each with its own certificate, and both sign")
    void sameNames() throws Exception {
        for (TestKey test : new TestKey[] {TestKey.RSA_2048_A, TestKey.RSA_2048_B, TestKey.P256_A, TestKey.P256_B}) {
            hsm.importKey(KeyImport.of(test.keyPair(), "same").withId("01"));
            certificate(test, ID);
        }
        List<KeyDescriptor> keys = keysAfterLogin();

        assertThat(keys).hasSize(4).allSatisfy(key -> {
            assertThat(key.problem()).isNull();
            assertThat(key.label()).isEqualTo("same");
            assertThat(key.certificates()).hasSize(1);
        });
        assertThat(keys).extracting(KeyDescriptor::fingerprint).doesNotHaveDuplicates();
        for (KeyDescriptor key : keys) {
            rig.token().provePossession(key, null);
        }
    }

    @Test
    @DisplayName("two certificates for one key: both, the newest first")
    void twoCertificates() throws Exception {
        hsm.importKey(KeyImport.of(TestKey.P256_A.keyPair(), "mail").withId("01"));
        certificate(TestKey.P256_A, ID);
        certificate(TestKey.P256_A, new byte[] {2});

        assertThat(keysAfterLogin()).hasSize(1);
        assertThat(rig.token().keys().getFirst().certificates()).hasSize(2);
    }

    @Test
    @DisplayName("an EC key with nothing public beside it is listed with a problem")
    void nothingPublic() throws Exception {
        hsm.importKey(
                KeyImport.of(TestKey.P256_A.keyPair(), "mail").withId("01").withoutPublicKeyObject());

        assertThat(keysAfterLogin()).hasSize(1);
        KeyDescriptor key = rig.token().keys().getFirst();
        assertThat(key.problem()).contains("public key");
        assertThatThrownBy(() -> rig.token().provePossession(key, null)).isInstanceOf(TokenException.KeyMismatch.class);
    }

    @Test
    @DisplayName("an RSA key with nothing public beside it tells its public key itself")
    void rsaAlone() throws Exception {
        hsm.importKey(
                KeyImport.of(TestKey.RSA_2048_A.keyPair(), "mail").withId("01").withoutPublicKeyObject());
        KeyDescriptor key = keysAfterLogin().getFirst();

        assertThat(key.fingerprint().toString()).isEqualTo(fingerprint(TestKey.RSA_2048_A));
        assertThat(key.problem()).isNull();
        rig.token().provePossession(key, null);
    }

    @Test
    @DisplayName("keys that only decrypt or only agree prove themselves by that")
    void otherUses() throws Exception {
        hsm.importKey(KeyImport.of(TestKey.RSA_2048_A.keyPair(), "decrypts").withUsages(KeyUsage.DECRYPT));
        hsm.importKey(KeyImport.of(TestKey.P256_A.keyPair(), "agrees").withUsages(KeyUsage.DERIVE));
        hsm.importKey(KeyImport.of(TestKey.P256_B.keyPair(), "signs").withUsages(KeyUsage.SIGN));
        keysAfterLogin();

        assertThat(rig.key("decrypts").algorithms())
                .allMatch(algorithm -> algorithm.use() == KeyAlgorithm.Use.DECRYPT)
                .isNotEmpty();
        assertThat(rig.key("agrees").algorithms()).containsExactly(KeyAlgorithm.ECDH);
        for (KeyDescriptor key : rig.token().keys()) {
            rig.module().honest();
            rig.token().provePossession(key, null);
            assertThat(rig.module().calls()).isNotEmpty();
            rig.module().honest();
            rig.token().provePossession(key, null);
            assertThat(rig.module().calls()).as("proven once in a generation").isEmpty();
        }
        rig.token().distrust(rig.token().generation(), "test");
        rig.module().honest();
        rig.token().provePossession(rig.key("signs"), null);
        assertThat(rig.module().calls()).contains("signInit");
    }

    @Test
    @DisplayName("a decrypting or agreeing key beside the wrong certificate is unmasked too")
    void otherUsesUnmasked() throws Exception {
        hsm.importKey(KeyImport.of(TestKey.P256_A.keyPair(), "agrees")
                .withId("01")
                .withUsages(KeyUsage.DERIVE)
                .withoutPublicKeyObject());
        certificate(TestKey.P256_B, ID);
        KeyDescriptor key = keysAfterLogin().getFirst();

        assertThatThrownBy(() -> rig.token().provePossession(key, null)).isInstanceOf(TokenException.KeyMismatch.class);
    }

    @Test
    @DisplayName("an object that makes no sense does not hide the others")
    void malformed() throws Exception {
        hsm.importKey(TestKey.P256_A);
        hsm.importKey(KeyImport.of(TestKey.RSA_2048_A.keyPair(), "rsa"));
        rig = SoftHsmRig.on(hsm);
        rig.login();
        rig.module().script(call -> {
            Object honest = call.proceed();
            if (honest instanceof AttributeValues values && rig.module().calls().size() % 2 == 0) {
                return garbled(values);
            }
            return honest;
        });
        rig.token().distrust(rig.token().generation(), "test");

        assertThat(rig.token().keys()).hasSizeBetween(0, 2);
        rig.module().honest();
        rig.token().distrust(rig.token().generation(), "test");
        assertThat(rig.token().keys()).hasSize(2);
    }

    private static AttributeValues garbled(AttributeValues values) {
        return new AttributeValues(
                values.attributes().stream()
                        .map(each -> new Attribute(each.type(), HexFormat.of().parseHex("ff00ff")))
                        .toList(),
                values.returnValue());
    }
}
