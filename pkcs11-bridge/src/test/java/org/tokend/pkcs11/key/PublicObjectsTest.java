package org.tokend.pkcs11.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.CertificateProfile;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

class PublicObjectsTest {
    private static final byte[] ID = {1};

    private static PublicObject object(X509Certificate certificate) throws Exception {
        return new PublicObject(
                ID,
                "certificate",
                PublicKeyInfo.parse(certificate.getPublicKey().getEncoded()),
                certificate.getEncoded());
    }

    @Test
    @DisplayName("A key with more than a hundred certificates is shown with a hundred")
    void certificates() throws Exception {
        TestCa ca = TestCa.create();
        List<PublicObject> all = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            all.add(object(ca.mail(TestKey.P256_A.publicKey(), i + "@example.org")));
        }

        List<byte[]> own =
                new PublicObjects(List.of(), all).certificatesOf(all.getFirst().key());

        assertThat(own).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("Of CA certificates with one name, as many as a chain may be long lead up from a key's")
    void issuers() throws Exception {
        TestCa ca = TestCa.create();
        PublicObject leaf = object(ca.mail(TestKey.P256_A.publicKey(), "alice@example.org"));
        List<PublicObject> all = new ArrayList<>(List.of(leaf, object(ca.issuing())));
        CertificateProfile authority = CertificateProfile.mail(TestKey.P256_B.publicKey(), "ca@example.org")
                .withoutMailAddress()
                .withCommonName("Test Issuing CA")
                .withUsages(CertificateProfile.KeyUsageBit.KEY_CERT_SIGN);
        for (int day = 1; day <= 40; day++) {
            all.add(object(ca.issue(
                    TestKey.P256_B.publicKey(),
                    authority.withValidity(
                            Instant.EPOCH.plus(Duration.ofDays(day)), Instant.EPOCH.plus(Duration.ofDays(30_000))))));
        }

        assertThat(new PublicObjects(List.of(), all).issuersOf(leaf.key())).hasSize(8);
    }
}
