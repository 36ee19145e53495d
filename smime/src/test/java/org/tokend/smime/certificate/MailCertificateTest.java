package org.tokend.smime.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.math.BigInteger;
import java.util.Date;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.policy.Rating;
import org.tokend.smime.testing.Authority;

@DisplayName("A certificate from a stranger")
class MailCertificateTest {

    private final Authority authority = new Authority("Root", TestKey.CA_ROOT);
    private final MailCertificate sound = authority.issue(Authority.mail("a@b", TestKey.RSA_2048_A));

    private static int indexOf(byte[] bytes, int first, int second) {
        int index = 0;
        while ((bytes[index] & 0xff) != first || (bytes[index + 1] & 0xff) != second) {
            index++;
        }
        return index;
    }

    @Test
    @DisplayName("with a signature that is no whole number of bytes is none")
    void signatureOfOddBits() {
        byte[] der = sound.encoded();
        assertThat(MailCertificate.of(der)).isPresent();
        // The first byte of a BIT STRING says how many bits of the last one do not count.
        der[der.length - sound.holder().getSignature().length - 1] = 3;
        assertThat(MailCertificate.of(der)).isEmpty();
    }

    @Test
    @DisplayName("with a date that is none is none")
    void dates() {
        byte[] der = sound.encoded();
        int utcTime = indexOf(der, 0x17, 0x0d);
        der[utcTime + 2] = 'x';
        assertThat(MailCertificate.of(der)).isEmpty();
    }

    @Test
    @DisplayName("whose key is on no curve at all is refused by policy, and verifies nothing")
    void curveLeftOut() throws Exception {
        SubjectPublicKeyInfo key =
                SubjectPublicKeyInfo.getInstance(TestKey.P256_A.publicKey().getEncoded());
        Date now = Date.from(Authority.NOW);
        X500Name name = new X500Name("CN=curveless");
        byte[] der = new X509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        now,
                        now,
                        name,
                        new SubjectPublicKeyInfo(
                                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey),
                                key.getPublicKeyData().getOctets()))
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(TestKey.CA_ROOT.privateKey()))
                .getEncoded();
        MailCertificate curveless = MailCertificate.of(der).orElseThrow();
        assertThat(AlgorithmPolicy.builtIn().key(curveless).worth()).isEqualTo(Rating.Worth.REFUSED);
        assertThatCode(() -> assertThat(curveless.signed(sound)).isFalse()).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("whose signature algorithm has parameters that cannot be read is refused by policy")
    void parameters() {
        AlgorithmIdentifier broken =
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS, new DEROctetString(new byte[3]));
        assertThat(AlgorithmPolicy.builtIn().signature(broken, Authority.NOW).worth())
                .isEqualTo(Rating.Worth.REFUSED);
    }
}
