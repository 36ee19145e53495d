package org.tokend.pkcs11.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenIdentity;

class KeyAssemblyTest {
    private static final TokenIdentity TOKEN = new TokenIdentity("label", "maker", "model", "1");
    private static final byte[] ONE = {1};
    private static final byte[] TWO = {2};
    private static final PublicKeyInfo RSA_A = info(TestKey.RSA_2048_A);
    private static final PublicKeyInfo RSA_B = info(TestKey.RSA_2048_B);
    private static final PublicKeyInfo EC_A = info(TestKey.P256_A);
    private static final PublicKeyInfo EC_B = info(TestKey.P256_B);
    private static final PublicKeyInfo P384 = info(TestKey.P384);

    private static PublicKeyInfo info(TestKey key) {
        try {
            return PublicKeyInfo.parse(key.publicKey().getEncoded());
        } catch (MalformedDerException e) {
            throw new AssertionError(e);
        }
    }

    private static PrivateKeyObject told(PublicKeyInfo key, byte[] id) {
        return new PrivateKeyObject(
                7, id, "private", key.type(), key.modulus(), key, new KeyUsage(true, true, true), false);
    }

    private static PrivateKeyObject silent(long handle, PublicKeyInfo key, byte[] id) {
        return new PrivateKeyObject(handle, id, "private", key.type(), null, null, KeyUsage.ANY, false);
    }

    private static PublicObject publicKey(PublicKeyInfo key, byte[] id) {
        return new PublicObject(id, "public", key, null);
    }

    private static PublicObject certificate(PublicKeyInfo key, byte[] id) {
        return new PublicObject(id, "certificate", key, key.der());
    }

    private static List<KeyDescriptor> assemble(
            List<PrivateKeyObject> privates, List<PublicObject> publics, List<PublicObject> certificates)
            throws Exception {
        return assemble(privates, publics, certificates, true, KeyProbe.NONE);
    }

    private static List<KeyDescriptor> assemble(
            List<PrivateKeyObject> privates,
            List<PublicObject> publics,
            List<PublicObject> certificates,
            boolean allVisible,
            KeyProbe probe)
            throws Exception {
        AlgorithmChoice all = (type, usage) -> EnumSet.of(KeyAlgorithm.ECDH);
        return new KeyAssembly(TOKEN, new PublicObjects(publics, certificates), all, probe)
                .assemble(privates, allVisible).stream()
                        .map(KeyEntry::descriptor)
                        .toList();
    }

    @Test
    @DisplayName("a certificate belongs to the key with its public key, whatever its CKA_ID and label")
    void byPublicKey() throws Exception {
        List<KeyDescriptor> keys = assemble(
                List.of(told(RSA_A, ONE), told(RSA_B, TWO)), List.of(), List.of(certificate(RSA_B, new byte[] {9})));

        assertThat(keys).extracting(key -> key.certificates().size()).containsExactly(0, 1);
        assertThat(keys).extracting(KeyDescriptor::problem).containsOnlyNulls();
    }

    @Test
    @DisplayName("before the login, CA certificates that lead up from another certificate are no keys of the token")
    void issuersAreNoKeys() throws Exception {
        TestCa ca = TestCa.create();
        X509Certificate leaf = ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org");
        List<PublicObject> certificates = new ArrayList<>();
        for (X509Certificate certificate : List.of(leaf, ca.issuing(), ca.root())) {
            certificates.add(new PublicObject(
                    ONE,
                    "certificate",
                    PublicKeyInfo.parse(certificate.getPublicKey().getEncoded()),
                    certificate.getEncoded()));
        }

        List<KeyDescriptor> withLeaf = assemble(List.of(), List.of(), certificates, false, KeyProbe.NONE);
        List<KeyDescriptor> rootAlone =
                assemble(List.of(), List.of(), certificates.subList(2, 3), false, KeyProbe.NONE);

        assertThat(withLeaf).extracting(KeyDescriptor::fingerprint).containsExactly(RSA_A.fingerprint());
        assertThat(withLeaf.getFirst().issuers())
                .containsExactly(ca.issuing().getEncoded(), ca.root().getEncoded());
        assertThat(rootAlone).hasSize(1);
    }

    @Test
    @DisplayName("the certificate of B under the CKA_ID of A is a problem that names both, found under either name")
    void foreignCertificate() throws Exception {
        List<KeyDescriptor> keys = assemble(List.of(told(RSA_A, ONE)), List.of(), List.of(certificate(RSA_B, ONE)));

        assertThat(keys)
                .extracting(KeyDescriptor::fingerprint)
                .containsExactly(RSA_A.fingerprint(), RSA_B.fingerprint());
        assertThat(keys)
                .allSatisfy(key -> assertThat(key.problem())
                        .contains(RSA_A.fingerprint().toString())
                        .contains(RSA_B.fingerprint().toString())
                        .contains("CKA_ID 01"));
        assertThat(keys.getFirst().certificates()).isEmpty();
    }

    @Test
    @DisplayName("another certificate under the same CKA_ID is no problem for a key that has its own")
    void attestation() throws Exception {
        List<KeyDescriptor> keys = assemble(
                List.of(told(RSA_A, ONE)), List.of(), List.of(certificate(RSA_B, ONE), certificate(RSA_A, TWO)));

        assertThat(keys).hasSize(1);
        assertThat(keys.getFirst().problem()).isNull();
    }

    @Test
    @DisplayName("two keys under one CKA_ID, one with a certificate: neither is a problem")
    void sharedId() throws Exception {
        List<KeyDescriptor> keys =
                assemble(List.of(told(RSA_A, ONE), told(RSA_B, ONE)), List.of(), List.of(certificate(RSA_B, ONE)));

        assertThat(keys).hasSize(2);
        assertThat(keys).extracting(KeyDescriptor::problem).containsOnlyNulls();
    }

    @Test
    @DisplayName("a private key that tells nothing gets the public key under its CKA_ID that fits its curve")
    void byIdAndCurve() throws Exception {
        List<KeyDescriptor> keys =
                assemble(List.of(silent(1, EC_A, ONE)), List.of(publicKey(P384, ONE), publicKey(EC_A, ONE)), List.of());

        assertThat(keys).hasSize(1);
        assertThat(keys.getFirst().fingerprint()).isEqualTo(EC_A.fingerprint());
        assertThat(keys.getFirst().problem()).isNull();
    }

    @Test
    @DisplayName("several that fit are told apart by what the key does")
    void probed() throws Exception {
        KeyProbe probe = (key, candidates) -> Optional.of(key.handle() == 1 ? EC_A : EC_B);
        List<KeyDescriptor> keys = assemble(
                List.of(silent(1, EC_A, ONE), silent(2, EC_B, ONE)),
                List.of(publicKey(EC_B, ONE), publicKey(EC_A, ONE)),
                List.of(),
                true,
                probe);

        assertThat(keys).extracting(KeyDescriptor::fingerprint).containsExactly(EC_A.fingerprint(), EC_B.fingerprint());
        assertThat(keys).extracting(KeyDescriptor::problem).containsOnlyNulls();
    }

    @Test
    @DisplayName("where that cannot be found out, the key is listed with a problem and never guessed")
    void unresolved() throws Exception {
        List<KeyDescriptor> keys = assemble(
                List.of(silent(1, EC_A, ONE), silent(2, EC_B, ONE)),
                List.of(publicKey(EC_B, ONE), publicKey(EC_A, ONE)),
                List.of());

        assertThat(keys).hasSize(4).allSatisfy(key -> assertThat(key.problem()).isNotNull());
        assertThat(keys.stream().filter(KeyDescriptor::seen)).hasSize(2);
    }

    @Test
    @DisplayName("a private key without any public half is listed with a problem that says what to import")
    void alone() throws Exception {
        List<KeyDescriptor> keys = assemble(List.of(silent(1, EC_A, ONE)), List.of(publicKey(P384, TWO)), List.of());

        assertThat(keys).hasSize(1);
        assertThat(keys.getFirst().problem())
                .contains("does not tell the public key")
                .contains("CKA_ID 01");
        assertThat(keys.getFirst().publicKey()).isEmpty();
        assertThat(keys.getFirst().algorithms()).isEmpty();
    }

    @Test
    @DisplayName("before the login the public objects stand for the keys, and a foreign certificate shows already")
    void beforeLogin() throws Exception {
        List<KeyDescriptor> keys = assemble(
                List.of(),
                List.of(publicKey(RSA_A, ONE), publicKey(EC_A, TWO)),
                List.of(certificate(RSA_B, ONE), certificate(EC_A, TWO), certificate(P384, new byte[0])),
                false,
                KeyProbe.NONE);

        assertThat(keys).noneMatch(KeyDescriptor::seen);
        assertThat(find(keys, RSA_A).problem()).contains(RSA_B.fingerprint().toString());
        assertThat(find(keys, RSA_B).problem()).contains(RSA_A.fingerprint().toString());
        assertThat(find(keys, EC_A).problem()).isNull();
        assertThat(find(keys, EC_A).certificates()).hasSize(1);
        assertThat(find(keys, P384).problem()).isNull();
        assertThat(keys).hasSize(4);
    }

    @Test
    @DisplayName("after the login a certificate without a private key is no key")
    void afterLogin() throws Exception {
        assertThat(assemble(List.of(), List.of(publicKey(RSA_A, ONE)), List.of(certificate(RSA_B, TWO))))
                .isEmpty();
    }

    @Test
    @DisplayName("two keys with one label and one CKA_ID stay two")
    void sameNames() throws Exception {
        List<KeyDescriptor> keys = assemble(List.of(told(RSA_A, ONE), told(RSA_B, ONE)), List.of(), List.of());

        assertThat(keys).hasSize(2).doesNotHaveDuplicates();
    }

    private static KeyDescriptor find(List<KeyDescriptor> keys, PublicKeyInfo key) {
        return keys.stream()
                .filter(each -> each.fingerprint().equals(key.fingerprint()))
                .findFirst()
                .orElseThrow();
    }

    /** @param sameId all of them are under one CKA_ID, so that only their labels tell them apart */
    private static List<KeyDescriptor> thousands(boolean sameId, KeyProbe probe) throws Exception {
        List<PrivateKeyObject> privates = new ArrayList<>();
        List<PublicObject> publics = new ArrayList<>();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        for (int i = 0; i < 2000; i++) {
            byte[] id = sameId ? ONE : new byte[] {(byte) (i >> 8), (byte) i};
            PublicKeyInfo key =
                    PublicKeyInfo.parse(generator.generateKeyPair().getPublic().getEncoded());
            privates.add(new PrivateKeyObject(i, id, "key " + i, key.type(), null, null, KeyUsage.ANY, false));
            publics.add(new PublicObject(id, "key " + i, key, null));
        }
        return assemble(privates, publics, List.of(), true, probe);
    }

    @Test
    @Timeout(20)
    @DisplayName("two thousand keys that tell nothing are put together in no time")
    void thousands() throws Exception {
        List<KeyDescriptor> keys = thousands(false, KeyProbe.NONE);

        assertThat(keys).hasSize(2000);
        assertThat(keys).extracting(KeyDescriptor::problem).containsOnlyNulls();
    }

    @Test
    @Timeout(20)
    @DisplayName("of two thousand keys under one CKA_ID the one of the same label is tried first, and not all are")
    void thousandsUnderOneId() throws Exception {
        List<KeyDescriptor> keys = thousands(true, (key, candidates) -> {
            assertThat(candidates).hasSizeLessThan(100);
            return Optional.of(candidates.getFirst());
        });

        assertThat(keys).hasSize(2000);
        assertThat(keys).extracting(KeyDescriptor::fingerprint).doesNotHaveDuplicates();
    }

    @Test
    @Timeout(20)
    @DisplayName("where none of two thousand fits, each says so in a few words")
    void noneOfThousands() throws Exception {
        List<KeyDescriptor> keys = thousands(true, KeyProbe.NONE);

        assertThat(keys.stream().filter(KeyDescriptor::seen))
                .hasSize(2000)
                .allSatisfy(key -> assertThat(key.problem())
                        .contains("and 1997 more. Import")
                        .hasSizeLessThan(600));
    }
}
