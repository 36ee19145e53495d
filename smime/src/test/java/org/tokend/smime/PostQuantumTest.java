package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKEMRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.protocol.UnwrapContentKey;
import org.tokend.smime.cms.SignerResult;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.RecipientKeys;

@DisplayName("A mail for the time after RSA and elliptic curves")
class PostQuantumTest {

    private static final byte[] CONTENT =
            "Content-Type: text/plain\r\n\r\nStill here.\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();

    @TempDir
    Path directory;

    private final KeyPair signer;

    PostQuantumTest() throws Exception {
        signer = KeyPairGenerator.getInstance("ML-DSA-65", BC).generateKeyPair();
    }

    private X509CertificateHolder certificate(KeyPair subject, int serial) throws Exception {
        X500Name name = new X500Name("CN=Alice");
        return new X509v3CertificateBuilder(
                        name,
                        BigInteger.valueOf(serial),
                        Date.from(Instant.parse("2024-01-01T00:00:00Z")),
                        Date.from(Instant.parse("2090-01-01T00:00:00Z")),
                        name,
                        SubjectPublicKeyInfo.getInstance(subject.getPublic().getEncoded()))
                .build(new JcaContentSignerBuilder("ML-DSA-65").setProvider(BC).build(signer.getPrivate()));
    }

    @Test
    @DisplayName("is verified when it is signed with ML-DSA (RFC 9882), and is bad when it was changed")
    void mlDsa() throws Exception {
        X509CertificateHolder certificate = certificate(signer, 1);
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
                        new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())
                .build(
                        new JcaContentSignerBuilder("ML-DSA-65").setProvider(BC).build(signer.getPrivate()),
                        certificate));
        generator.addCertificate(certificate);
        byte[] signed =
                generator.generate(new CMSProcessableByteArray(CONTENT), true).getEncoded();
        assertThat(status(signed)).isEqualTo(SignerResult.Status.GOOD);
        int at = new String(signed, StandardCharsets.ISO_8859_1).indexOf("Still");
        signed[at] = 'T';
        assertThat(status(signed)).isEqualTo(SignerResult.Status.ALTERED);
    }

    private SignerResult.Status status(byte[] signed) throws Exception {
        MessageVerifier verifier =
                new MessageVerifier((certificate, purpose, sent) -> TrustVerdict.NOT_ASKED, List.of(), directory);
        try (MessageVerifier.VerifiedMail mail = verifier.verify(Source.of(signed))) {
            return mail.signers().get(0).signature().status();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ML-KEM-512", "ML-KEM-768", "ML-KEM-1024"})
    @DisplayName("is decrypted when it is encrypted with ML-KEM (RFC 9629, RFC 9936) and the key is in software")
    void mlKem(String algorithm) throws Exception {
        KeyPair key = KeyPairGenerator.getInstance(algorithm, BC).generateKeyPair();
        X509CertificateHolder certificate = certificate(key, 2);
        CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
        generator.addRecipientInfoGenerator(new JceKEMRecipientInfoGenerator(
                        new JcaX509CertificateConverter().setProvider(BC).getCertificate(certificate),
                        CMSAlgorithm.AES256_WRAP)
                .setProvider(BC));
        byte[] encrypted = generator
                .generate(
                        new CMSProcessableByteArray(CONTENT),
                        new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC)
                                .setProvider(BC)
                                .build())
                .getEncoded();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MessageDecryptor.DecryptedMail mail = new MessageDecryptor(
                        new SoftwareKem(key.getPrivate(), certificate), directory)
                .decrypt(new ByteArrayInputStream(encrypted))) {
            mail.writeTo(out);
        }
        assertThat(out.toByteArray()).isEqualTo(CONTENT);
    }

    /** Bouncy Castle in the place of a token. */
    private record SoftwareKem(PrivateKey key, X509CertificateHolder certificate) implements TokenKeys {

        @Override
        public List<KeyDescription> list() {
            try {
                return List.of(new KeyDescription(
                        "sha256:00",
                        "pkcs11:object=kem",
                        "pkcs11:token=software",
                        "kem",
                        "01",
                        "ML-KEM",
                        768,
                        null,
                        certificate.getSubjectPublicKeyInfo().getEncoded(),
                        List.of(certificate.getEncoded()),
                        List.of(),
                        Set.of(),
                        false,
                        null));
            } catch (java.io.IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public byte[] sign(Sign request) {
            throw new IllegalStateException("a KEM does not sign");
        }

        @Override
        public byte[] unwrapContentKey(UnwrapContentKey request) {
            return RecipientKeys.unwrap(request.recipientInfo(), key);
        }
    }
}
