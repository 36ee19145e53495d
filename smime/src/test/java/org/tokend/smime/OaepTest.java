package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
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
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSEnvelopedDataParser;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
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
import org.tokend.smime.testing.PeerMail;

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

    private static RSAESOAEPparams parameters(ASN1ObjectIdentifier hash, ASN1ObjectIdentifier mask) {
        return new RSAESOAEPparams(
                new AlgorithmIdentifier(hash, DERNull.INSTANCE),
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, new AlgorithmIdentifier(mask, DERNull.INSTANCE)),
                RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM);
    }

    /** SHA512/SHA1 as the hash of OAEP and that of its mask. */
    private static RSAESOAEPparams parameters(String hashes) {
        ASN1ObjectIdentifier[] each = Stream.of(hashes.split("/", 2))
                .map(hash -> switch (hash) {
                    case "SHA1" -> OIWObjectIdentifiers.idSHA1;
                    case "SHA256" -> NISTObjectIdentifiers.id_sha256;
                    case "SHA384" -> NISTObjectIdentifiers.id_sha384;
                    case "SHA512" -> NISTObjectIdentifiers.id_sha512;
                    default -> NISTObjectIdentifiers.id_sha3_256;
                })
                .toArray(ASN1ObjectIdentifier[]::new);
        return parameters(each[0], each[1]);
    }

    /** What Bouncy Castle writes for somebody who tells what is read: OAEP, with these parameters. */
    private byte[] signedBy(MailCertificate alice, ASN1Encodable... oaep) throws Exception {
        ASN1EncodableVector capabilities = new ASN1EncodableVector();
        for (ASN1Encodable each : oaep) {
            capabilities.add(new DERSequence(new ASN1Encodable[] {PKCSObjectIdentifiers.id_RSAES_OAEP, each}));
        }
        return PeerMail.signed(
                alice, new Attribute(SMIMEAttributes.smimeCapabilities, new DERSet(new DERSequence(capabilities))));
    }

    private MailCertificate alice() throws Exception {
        return MailCertificate.of(ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org")
                        .getEncoded())
                .orElseThrow();
    }

    private EncryptionPlan.Known heard(ASN1Encodable... oaep) throws Exception {
        RecipientStore people = new RecipientStore(Files.createTempDirectory(directory, "people"), Clock.systemUTC());
        try (VerifiedMail mail =
                new MessageVerifier(trust(), List.of(), directory).verify(Source.of(signedBy(alice(), oaep)))) {
            assertThat(people.harvest(mail).kept()).hasSize(1);
        }
        return people.load();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA1/SHA1", "SHA256/SHA256", "SHA384/SHA384", "SHA512/SHA512", "SHA256/SHA1"})
    @DisplayName("for somebody whose signed mail says that it is read, with the parameters that it names")
    void capability(String hashes) throws Exception {
        EncryptionPlan.Known known = heard(parameters(hashes));
        assertThat(known.oaep()).hasSize(1);
        byte[] mail = encrypted(known);
        assertThat(wrapping(mail)).isEqualTo(PKCSObjectIdentifiers.id_RSAES_OAEP.getId());
        assertThat(parametersIn(mail)).isEqualTo(parameters(hashes));
        opensslReads(mail);
    }

    @Test
    @DisplayName("with the first of several that is written here, and for nobody who names others alone")
    void severalOrOthers() throws Exception {
        ASN1Encodable label = new RSAESOAEPparams(
                RSAESOAEPparams.DEFAULT_HASH_ALGORITHM,
                RSAESOAEPparams.DEFAULT_MASK_GEN_FUNCTION,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_pSpecified, new DEROctetString(new byte[] {1})));
        assertThat(parametersIn(encrypted(heard(label, parameters("SHA384/SHA384"), parameters("SHA1/SHA1")))))
                .isEqualTo(parameters("SHA384/SHA384"));
        byte[] mail = encrypted(heard(label, parameters("SHA3/SHA3"), DERNull.INSTANCE));
        assertThat(wrapping(mail)).isEqualTo(PKCSObjectIdentifiers.rsaEncryption.getId());
        opensslReads(mail);
    }

    private static RSAESOAEPparams parametersIn(byte[] mail) throws Exception {
        byte[] encoded = new CMSEnvelopedDataParser(
                        EncryptedMail.read(new ByteArrayInputStream(mail)).cms())
                .getRecipientInfos()
                .getRecipients()
                .iterator()
                .next()
                .getKeyEncryptionAlgParams();
        return RSAESOAEPparams.getInstance(ASN1Primitive.fromByteArray(encoded));
    }

    private MailCertificate certified(AlgorithmIdentifier key, @Nullable ASN1Encodable capabilities) throws Exception {
        SubjectPublicKeyInfo plain =
                SubjectPublicKeyInfo.getInstance(TestKey.RSA_2048_A.publicKey().getEncoded());
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                        new JcaX509CertificateHolder(ca.root()).getSubject(),
                        BigInteger.TEN,
                        new Date(System.currentTimeMillis() - 60_000),
                        new Date(System.currentTimeMillis() + 3_600_000),
                        new X500Name("CN=Alice"),
                        new SubjectPublicKeyInfo(key, plain.parsePublicKey()))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyEncipherment))
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.rfc822Name, "alice@example.org")));
        if (capabilities != null) {
            builder.addExtension(PKCSObjectIdentifiers.pkcs_9_at_smimeCapabilities, false, capabilities);
        }
        return MailCertificate.of(
                        builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(TestKey.CA_ROOT.privateKey()))
                                .getEncoded())
                .orElseThrow();
    }

    private byte[] encryptedTo(MailCertificate alice) throws Exception {
        return encrypted(new EncryptionPlan.Known(List.of(alice), Map.of()));
    }

    @Test
    @DisplayName("for a key that its certificate says is for OAEP alone, with the parameters that stand there")
    void certificate() throws Exception {
        byte[] free = encryptedTo(certified(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP), null));
        assertThat(parametersIn(free)).isEqualTo(parameters("SHA256/SHA256"));
        opensslReads(free);
        byte[] fixed = encryptedTo(certified(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, parameters("SHA512/SHA512")), null));
        assertThat(parametersIn(fixed)).isEqualTo(parameters("SHA512/SHA512"));
        opensslReads(fixed);
        assertThatThrownBy(() -> encryptedTo(certified(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, parameters("SHA3/SHA3")), null)))
                .isInstanceOfSatisfying(
                        RecipientRefusal.class,
                        refused -> assertThat(refused.refused())
                                .singleElement()
                                .satisfies(why -> assertThat(why.reason())
                                        .isEqualTo(RecipientRefusal.Reason.CAPABILITY_CONFLICT)));
    }

    @Test
    @DisplayName("for somebody whose certificate says that it is read")
    void declared() throws Exception {
        ASN1Encodable declared = new DERSequence(new DERSequence(
                new ASN1Encodable[] {PKCSObjectIdentifiers.id_RSAES_OAEP, parameters("SHA384/SHA384")}));
        byte[] mail = encryptedTo(
                certified(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), declared));
        assertThat(parametersIn(mail)).isEqualTo(parameters("SHA384/SHA384"));
        opensslReads(mail);
    }
}
