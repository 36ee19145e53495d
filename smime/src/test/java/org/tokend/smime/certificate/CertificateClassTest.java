package org.tokend.smime.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.Openssl;

@DisplayName("What a certificate is made for")
class CertificateClassTest {

    private static final int SIGNATURE = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;

    private final Authority authority = new Authority("Root", TestKey.CA_ROOT);

    @TempDir
    Path directory;

    @Test
    @DisplayName("follows key usage, extended key usage and the kind of key, for all combinations of them")
    void table() {
        KeyPurposeId[][] purposes = {
            {},
            {KeyPurposeId.id_kp_emailProtection},
            {KeyPurposeId.anyExtendedKeyUsage},
            {KeyPurposeId.id_kp_clientAuth},
            {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_emailProtection}
        };
        int[] bits = {
            KeyUsage.digitalSignature,
            KeyUsage.nonRepudiation,
            KeyUsage.keyEncipherment,
            KeyUsage.dataEncipherment,
            KeyUsage.keyAgreement
        };
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519)) {
            for (KeyPurposeId[] purpose : purposes) {
                // -1: no key usage extension at all, which allows everything.
                for (int set = -1; set < 1 << bits.length; set++) {
                    int usage = 0;
                    for (int bit = 0; set > 0 && bit < bits.length; bit++) {
                        usage |= (set & 1 << bit) != 0 ? bits[bit] : 0;
                    }
                    Authority.Wish wish = Authority.person("somebody", key);
                    MailCertificate certificate =
                            authority.issue(purpose(set == -1 ? wish : wish.usage(usage), purpose));
                    CertificateClass found = CertificateClass.of(certificate);
                    boolean mail = purpose.length != 1 || purpose[0] != KeyPurposeId.id_kp_clientAuth;
                    int encrypting = key == TestKey.RSA_2048_A ? KeyUsage.keyEncipherment : KeyUsage.keyAgreement;
                    assertThat(found.allows(KeyPurpose.SIGN))
                            .as(key + " " + set)
                            .isEqualTo(mail && (set == -1 || (usage & SIGNATURE) != 0));
                    assertThat(found.allows(KeyPurpose.ENCRYPT))
                            .as(key + " " + set)
                            .isEqualTo(mail && key != TestKey.ED25519 && (set == -1 || (usage & encrypting) != 0));
                    for (KeyPurpose each : KeyPurpose.values()) {
                        assertThat(found.refusal(each).isEmpty()).isEqualTo(found.allows(each));
                    }
                }
            }
        }
    }

    private static Authority.Wish purpose(Authority.Wish wish, KeyPurposeId... purposes) {
        return purposes.length == 0 ? wish : wish.purpose(purposes);
    }

    @Test
    @DisplayName("has a word: sign, encrypt, dual, ca, or other")
    void words() {
        assertThat(word(Authority.mail("a@b", TestKey.RSA_2048_A))).isEqualTo("dual");
        assertThat(word(Authority.person("a", TestKey.RSA_2048_A).usage(KeyUsage.digitalSignature)))
                .isEqualTo("sign");
        assertThat(word(Authority.person("a", TestKey.P256_A).usage(KeyUsage.keyAgreement)))
                .isEqualTo("encrypt");
        assertThat(word(authority.asSubject())).isEqualTo("ca");
        assertThat(word(Authority.person("a", TestKey.P256_A).purpose(KeyPurposeId.id_kp_serverAuth)))
                .isEqualTo("other");
    }

    private String word(Authority.Wish wish) {
        MailCertificate certificate = authority.issue(wish);
        return CertificateClass.of(certificate).word(certificate);
    }

    @Test
    @DisplayName("is what OpenSSL says too, for RSA keys")
    void peer() throws Exception {
        Openssl openssl = new Openssl(directory);
        List<Authority.Wish> wishes = new ArrayList<>(List.of(
                Authority.mail("a@b", TestKey.RSA_2048_A),
                Authority.person("a", TestKey.RSA_2048_A).usage(KeyUsage.digitalSignature),
                Authority.person("a", TestKey.RSA_2048_A).usage(KeyUsage.keyEncipherment),
                Authority.person("a", TestKey.RSA_2048_A),
                Authority.person("a", TestKey.RSA_2048_A).purpose(KeyPurposeId.id_kp_clientAuth)));
        for (Authority.Wish wish : wishes) {
            MailCertificate certificate = authority.issue(wish);
            openssl.write("one.pem", CertificateFile.pem(List.of(certificate)));
            String output =
                    openssl.run("x509", "-purpose", "-noout", "-in", "one.pem").output();
            CertificateClass found = CertificateClass.of(certificate);
            assertThat(output.contains("S/MIME signing : Yes")).isEqualTo(found.allows(KeyPurpose.SIGN));
            assertThat(output.contains("S/MIME encryption : Yes")).isEqualTo(found.allows(KeyPurpose.ENCRYPT));
        }
    }
}
