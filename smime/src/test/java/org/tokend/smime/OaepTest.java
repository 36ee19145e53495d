package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.smime.SMIMEAttributes;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSEnvelopedDataParser;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.mime.EncryptedMail;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.Openssl;

@DisplayName("A content key is wrapped with RSA-OAEP")
class OaepTest {

    private static final byte[] MAIL =
            "From: bob@example.org\nTo: alice@example.org\n\nHello.\n".getBytes(StandardCharsets.US_ASCII);

    private final TestCa ca = TestCa.create();

    @TempDir
    Path directory;

    private SignerTrust trust() throws Exception {
        return MailTrust.ofRoots(
                List.of(
                        MailCertificate.of(ca.root().getEncoded()).orElseThrow(),
                        MailCertificate.of(ca.issuing().getEncoded()).orElseThrow()),
                Clock.systemUTC());
    }

    private byte[] encrypted(EncryptionPlan.Known known) throws Exception {
        EncryptionPlan plan = EncryptionPlan.of(
                new EncryptionPlan.Wish(List.of("alice@example.org"), null, null), known, trust(), Clock.systemUTC());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MessageEncryptor(new SecureRandom()).encrypt(Mail.read(Source.of(MAIL)), plan, out);
        return out.toByteArray();
    }

    private static String wrapping(byte[] mail) throws Exception {
        return new CMSEnvelopedDataParser(
                        EncryptedMail.read(new ByteArrayInputStream(mail)).cms())
                .getRecipientInfos()
                .getRecipients()
                .iterator()
                .next()
                .getKeyEncryptionAlgOID();
    }

    private void opensslReads(byte[] mail) throws Exception {
        Openssl openssl = new Openssl(directory);
        Files.write(openssl.file("secret.eml"), mail);
        openssl.write("alice.key", TestKey.RSA_2048_A.pem());
        Openssl.Result result =
                openssl.run("cms", "-decrypt", "-in", "secret.eml", "-inkey", "alice.key", "-out", "plain");
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Files.readString(openssl.file("plain"))).contains("Hello.");
    }

    /** What Bouncy Castle writes for somebody who tells what is read: OAEP, with this hash. */
    private byte[] signedBy(MailCertificate alice, AlgorithmIdentifier hash) throws Exception {
        ASN1Encodable oaep = new DERSequence(new ASN1Encodable[] {
            PKCSObjectIdentifiers.id_RSAES_OAEP,
            new RSAESOAEPparams(
                    hash,
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, hash),
                    RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM)
        });
        AttributeTable tells =
                new AttributeTable(new Attribute(SMIMEAttributes.smimeCapabilities, new DERSet(new DERSequence(oaep))));
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
                new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                        .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(tells))
                        .build(
                                new JcaContentSignerBuilder("SHA256withRSA").build(TestKey.RSA_2048_A.privateKey()),
                                alice.holder()));
        generator.addCertificate(alice.holder());
        return generator
                .generate(
                        new CMSProcessableByteArray(
                                "Content-Type: text/plain\r\n\r\nHi.\r\n".getBytes(StandardCharsets.US_ASCII)),
                        true)
                .getEncoded();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "for somebody whose signed mail says that it is read, with the hash that we write, and for nobody else")
    void capability(boolean sha256) throws Exception {
        MailCertificate alice = MailCertificate.of(ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org")
                        .getEncoded())
                .orElseThrow();
        AlgorithmIdentifier hash = sha256
                ? new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE)
                : RSAESOAEPparams.DEFAULT_HASH_ALGORITHM;
        RecipientStore people = new RecipientStore(directory.resolve("people"));
        try (VerifiedMail mail =
                new MessageVerifier(trust(), List.of(), directory).verify(Source.of(signedBy(alice, hash)))) {
            assertThat(people.harvest(mail)).hasSize(1);
        }
        EncryptionPlan.Known known = people.load();
        assertThat(known.oaep()).hasSize(sha256 ? 1 : 0);
        byte[] mail = encrypted(known);
        assertThat(wrapping(mail))
                .isEqualTo(
                        (sha256 ? PKCSObjectIdentifiers.id_RSAES_OAEP : PKCSObjectIdentifiers.rsaEncryption).getId());
        opensslReads(mail);
    }

    @Test
    @DisplayName("for a key that its certificate says is for OAEP alone")
    void certificate() throws Exception {
        SubjectPublicKeyInfo plain =
                SubjectPublicKeyInfo.getInstance(TestKey.RSA_2048_A.publicKey().getEncoded());
        X509CertificateHolder holder = new X509v3CertificateBuilder(
                        new JcaX509CertificateHolder(ca.root()).getSubject(),
                        BigInteger.TEN,
                        new Date(System.currentTimeMillis() - 60_000),
                        new Date(System.currentTimeMillis() + 3_600_000),
                        new X500Name("CN=Alice"),
                        new SubjectPublicKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP), plain.parsePublicKey()))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyEncipherment))
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.rfc822Name, "alice@example.org")))
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(TestKey.CA_ROOT.privateKey()));
        MailCertificate alice = MailCertificate.of(holder.getEncoded()).orElseThrow();
        byte[] mail = encrypted(new EncryptionPlan.Known(List.of(alice), Map.of(), Set.of()));
        assertThat(wrapping(mail)).isEqualTo(PKCSObjectIdentifiers.id_RSAES_OAEP.getId());
        opensslReads(mail);
    }
}
