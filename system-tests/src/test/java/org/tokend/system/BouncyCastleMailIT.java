package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("Between tokenctl and Bouncy Castle,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BouncyCastleMailIT {

    private static final BouncyCastleProvider BC = new BouncyCastleProvider();
    private static final String TEXT = "At noon, by the fountain?";
    private static final byte[] ENTITY =
            ("Content-Type: text/plain\r\n\r\n" + TEXT + "\r\n").getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A, TestKey.P256_A);
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    private X509Certificate certificate(TestKey key, String address) throws Exception {
        X509Certificate certificate = desk.ca().mail(key.publicKey(), address);
        Files.writeString(desk.file(key + ".pem"), TestCa.pem(certificate));
        return certificate;
    }

    /** The alice whose certificates are on the card. */
    private X509Certificate alice(TestKey key) throws Exception {
        return (X509Certificate) java.security.cert.CertificateFactory.getInstance("X.509")
                .generateCertificate(Files.newInputStream(desk.file(key + ".pem")));
    }

    private byte[] body(String file) throws Exception {
        String mail = Files.readString(desk.file(file));
        return Base64.getMimeDecoder().decode(mail.substring(mail.indexOf("\n\n") + 2));
    }

    @ParameterizedTest
    @CsvSource({"RSA_2048_A", "P256_A"})
    @DisplayName("it verifies what the token signs")
    void verifies(TestKey key) throws Exception {
        desk.tokenctlSucceeds("smime", "sign", "--opaque", "--key", key.defaultLabel(), "mail.eml", "-o", "opaque.eml");
        CMSSignedData signed = new CMSSignedData(body("opaque.eml"));
        SignerInformation signer = signed.getSignerInfos().iterator().next();
        assertThat(signer.verify(
                        new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(alice(key))))
                .isTrue();
        assertThat(new String((byte[]) signed.getSignedContent().getContent(), StandardCharsets.UTF_8))
                .contains(TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048_B, SHA256withRSA",
        "RSA_2048_B, SHA512withRSAandMGF1",
        "P256_B, SHA256withECDSA",
        "ED25519, Ed25519"
    })
    @DisplayName("we verify what it signs")
    void verified(TestKey key, String algorithm) throws Exception {
        X509Certificate bob = certificate(key, "bob@example.org");
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
                        new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())
                .build(new JcaContentSignerBuilder(algorithm).setProvider(BC).build(key.privateKey()), bob));
        generator.addCertificate(new JcaX509CertificateHolder(bob));
        generator.addCertificate(new JcaX509CertificateHolder(desk.ca().issuing()));
        Files.write(
                desk.file("bc.p7m"),
                generator.generate(new CMSProcessableByteArray(ENTITY), true).getEncoded());
        CommandResult verified =
                desk.tokenctl("smime", "verify", "bc.p7m", "--anchors", "root.pem", "--json", "-o", "content");
        assertThat(verified.status()).as(verified.output() + verified.errors()).isZero();
        assertThat(verified.output()).contains("\"verdict\":\"good\"").contains("bob@example.org");
        assertThat(desk.file("content")).hasBinaryContent(ENTITY);
    }

    private RecipientInfoGenerator recipient(TestKey key) throws Exception {
        X509Certificate alice = alice(key);
        if (key == TestKey.RSA_2048_A) {
            return new JceKeyTransRecipientInfoGenerator(alice).setProvider(BC);
        }
        return new JceKeyAgreeRecipientInfoGenerator(
                        CMSAlgorithm.ECDH_SHA256KDF,
                        TestKey.P256_B.privateKey(),
                        TestKey.P256_B.publicKey(),
                        CMSAlgorithm.AES256_WRAP)
                .addRecipient(alice)
                .setProvider(BC);
    }

    @ParameterizedTest
    @CsvSource({"RSA_2048_A, false", "RSA_2048_A, true", "P256_A, false", "P256_A, true"})
    @DisplayName("the token decrypts what it encrypts, with and without a tag")
    void decrypted(TestKey key, boolean gcm) throws Exception {
        byte[] encrypted;
        if (gcm) {
            CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient(key));
            encrypted = generator
                    .generate(new CMSProcessableByteArray(ENTITY), (OutputAEADEncryptor)
                            encryptor(CMSAlgorithm.AES256_GCM))
                    .getEncoded();
        } else {
            CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient(key));
            encrypted = generator
                    .generate(new CMSProcessableByteArray(ENTITY), encryptor(CMSAlgorithm.AES256_CBC))
                    .getEncoded();
        }
        Files.write(desk.file("bc.p7m"), encrypted);
        desk.tokenctlSucceeds("smime", "decrypt", "bc.p7m", "-o", "plain");
        assertThat(desk.file("plain")).hasBinaryContent(ENTITY);
    }

    private static org.bouncycastle.operator.OutputEncryptor encryptor(ASN1ObjectIdentifier cipher) throws Exception {
        return new JceCMSContentEncryptorBuilder(cipher).setProvider(BC).build();
    }

    @ParameterizedTest
    @CsvSource({"RSA_2048_B, aes-256-cbc", "RSA_2048_B, aes-256-gcm", "P256_B, aes-256-cbc"})
    @DisplayName("it decrypts what we encrypt")
    void decrypts(TestKey key, String cipher) throws Exception {
        certificate(key, "bob@example.org");
        desk.encrypt(key.toString(), cipher);
        byte[] encrypted = body("secret.eml");
        byte[] content;
        if (cipher.endsWith("gcm")) {
            content = only(new CMSAuthEnvelopedData(encrypted)
                            .getRecipientInfos()
                            .getRecipients())
                    .getContent(new JceKeyTransAuthEnvelopedRecipient(key.privateKey()).setProvider(BC));
        } else {
            RecipientInformation one =
                    only(new CMSEnvelopedData(encrypted).getRecipientInfos().getRecipients());
            content = one.getContent(
                    key == TestKey.RSA_2048_B
                            ? new JceKeyTransEnvelopedRecipient(key.privateKey()).setProvider(BC)
                            : new JceKeyAgreeEnvelopedRecipient(key.privateKey()).setProvider(BC));
        }
        assertThat(new String(content, StandardCharsets.UTF_8)).contains(TEXT).contains("Subject: Lunch");
    }

    private static RecipientInformation only(java.util.Collection<RecipientInformation> all) {
        List<RecipientInformation> found = List.copyOf(all);
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
