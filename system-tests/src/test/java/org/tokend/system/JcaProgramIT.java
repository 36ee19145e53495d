package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Collections;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.client.jca.TokenProvider;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.junit.Certificate;
import org.tokend.fixtures.junit.Key;
import org.tokend.fixtures.junit.Token;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/**
 * A program that knows java.security and Bouncy Castle's CMS, and of tokend only that there is a provider to be added. The
 * keys are in SoftHSM, behind the daemon as it is shipped. In all of it the person is asked for the PIN once.
 */
@Token(
        keys = {
            @Key(value = TestKey.RSA_2048_A, label = "rsa", certificates = @Certificate(mail = "rsa@example.org")),
            @Key(value = TestKey.P256_A, label = "ec", certificates = @Certificate(mail = "ec@example.org")),
            @Key(value = TestKey.ED25519, label = "ed", certificates = @Certificate(mail = "ed@example.org"))
        })
@Timeout(120)
class JcaProgramIT {
    private static final byte[] MAIL = "Content-Type: text/plain\r\n\r\nDear Bob\r\n".getBytes(StandardCharsets.UTF_8);
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();

    private static DaemonFixture daemon;
    private static ScriptedPinentry pinentry;
    private KeyStore store;

    @BeforeAll
    static void start(DaemonFixture started, SoftHsmToken token, ScriptedPinentry scripted) {
        daemon = started;
        pinentry = scripted.always(PinentryAnswer.pin(token.pin()));
    }

    @BeforeEach
    void addProvider() throws Exception {
        Security.addProvider(new TokenProvider(daemon.socket()));
        store = KeyStore.getInstance("Tokend");
        store.load(null, null);
    }

    @AfterEach
    void removeProvider() {
        Security.removeProvider(TokenProvider.NAME);
    }

    @AfterAll
    static void askedOnce() {
        assertThat(pinentry.pinRequests())
                .as("PINs that the person was asked for")
                .isEqualTo(1);
    }

    private PrivateKey key(String alias) throws Exception {
        return (PrivateKey) store.getKey(alias, null);
    }

    private X509Certificate certificate(String alias) throws Exception {
        return (X509Certificate) store.getCertificate(alias);
    }

    @Test
    @DisplayName("sees the keys and certificates without anybody being asked for a PIN")
    void list() throws Exception {
        int before = pinentry.pinRequests();
        store.load(null, null);
        assertThat(Collections.list(store.aliases())).containsExactlyInAnyOrder("rsa", "ec", "ed");
        assertThat(certificate("rsa").getPublicKey()).isEqualTo(TestKey.RSA_2048_A.publicKey());
        assertThat(key("rsa").getEncoded()).isNull();
        assertThat(pinentry.pinRequests()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, SHA256withRSA",
        "rsa, SHA512withRSA",
        "rsa, RSASSA-PSS",
        "ec, SHA256withECDSA",
        "ed, Ed25519",
    })
    @DisplayName("signs with java.security")
    void sign(String alias, String algorithm) throws Exception {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key(alias));
        Signature verifier = Signature.getInstance(algorithm);
        if (algorithm.equals("RSASSA-PSS")) {
            var pss = new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
            signature.setParameter(pss);
            verifier.setParameter(pss);
        }
        verifier.initVerify(certificate(alias));
        for (int i = 0; i < 3; i++) {
            signature.update(MAIL);
            verifier.update(MAIL);
            assertThat(verifier.verify(signature.sign())).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, SHA1withRSA",
        "rsa, SHA256withRSA",
        "rsa, SHA256withRSAandMGF1",
        "rsa, SHA512withRSAandMGF1",
        "ec, SHA256withECDSA",
        "ed, Ed25519",
    })
    @DisplayName("signs CMS messages that verify")
    void signCms(String alias, String algorithm) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
                new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                        .build(new JcaContentSignerBuilder(algorithm).build(key(alias)), certificate(alias)));
        CMSSignedData message = new CMSSignedData(
                generator.generate(new CMSProcessableByteArray(MAIL), true).getEncoded());
        assertThat(message.getSignerInfos()
                        .iterator()
                        .next()
                        .verify(new JcaSimpleSignerInfoVerifierBuilder()
                                .setProvider(BC)
                                .build(certificate(alias))))
                .isTrue();
    }

    private static CMSEnvelopedData encrypted(RecipientInfoGenerator recipient) throws Exception {
        CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
        generator.addRecipientInfoGenerator(recipient);
        return new CMSEnvelopedData(generator
                .generate(
                        new CMSProcessableByteArray(MAIL),
                        new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC)
                                .setProvider(BC)
                                .build())
                .getEncoded());
    }

    private static byte[] decrypted(CMSEnvelopedData message, Recipient recipient) throws Exception {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (InputStream stream = message.getRecipientInfos()
                .iterator()
                .next()
                .getContentStream(recipient)
                .getContentStream()) {
            stream.transferTo(content);
        }
        return content.toByteArray();
    }

    @Test
    @DisplayName("decrypts a CMS message for an RSA key, PKCS#1 v1.5")
    void keyTransport() throws Exception {
        CMSEnvelopedData message = encrypted(new JceKeyTransRecipientInfoGenerator(certificate("rsa")).setProvider(BC));
        assertThat(decrypted(message, new JceKeyTransEnvelopedRecipient(key("rsa"))))
                .isEqualTo(MAIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-512"})
    @DisplayName("decrypts a CMS message for an RSA key, OAEP with any hash")
    void oaep(String hash) throws Exception {
        AlgorithmIdentifier oaep = new JcaAlgorithmParametersConverter()
                .getAlgorithmIdentifier(
                        new ASN1ObjectIdentifier("1.2.840.113549.1.1.7"),
                        new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
        CMSEnvelopedData message =
                encrypted(new JceKeyTransRecipientInfoGenerator(certificate("rsa"), oaep).setProvider(BC));
        assertThat(decrypted(message, new JceKeyTransEnvelopedRecipient(key("rsa"))))
                .isEqualTo(MAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "1.3.133.16.840.63.0.2, 2.16.840.1.101.3.4.1.5",
        "1.3.132.1.11.1,        2.16.840.1.101.3.4.1.45",
        "1.3.132.1.14.2,        2.16.840.1.101.3.4.1.25",
    })
    @DisplayName("decrypts a CMS message for an EC key, with any key derivation and key wrap")
    void keyAgreement(String scheme, String wrap) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair ephemeral = generator.generateKeyPair();
        CMSEnvelopedData message = encrypted(new JceKeyAgreeRecipientInfoGenerator(
                        new ASN1ObjectIdentifier(scheme),
                        ephemeral.getPrivate(),
                        ephemeral.getPublic(),
                        new ASN1ObjectIdentifier(wrap))
                .addRecipient(certificate("ec"))
                .setProvider(BC));
        AlgorithmIdentifier curve = SubjectPublicKeyInfo.getInstance(
                        certificate("ec").getPublicKey().getEncoded())
                .getAlgorithm();
        assertThat(decrypted(
                        message, new JceKeyAgreeEnvelopedRecipient(key("ec")).setPrivateKeyAlgorithmIdentifier(curve)))
                .isEqualTo(MAIL);
    }

    @Test
    @DisplayName(
            "gets a wrong key and no error for a forged RSA block, the same one each time, as long as a content key")
    void forged() throws Exception {
        Cipher encryption = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        encryption.init(Cipher.ENCRYPT_MODE, certificate("rsa").getPublicKey());
        byte[] tooLong = encryption.doFinal(new byte[33]);
        byte[] bent = tooLong.clone();
        bent[128] ^= 1;
        for (byte[] block : new byte[][] {tooLong, bent}) {
            byte[] first = unwrapped(block);
            assertThat(first.length).isIn(16, 24, 32);
            assertThat(unwrapped(block)).isEqualTo(first);
        }
    }

    private byte[] unwrapped(byte[] block) throws Exception {
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.UNWRAP_MODE, key("rsa"));
        return cipher.unwrap(block, "AES", Cipher.SECRET_KEY).getEncoded();
    }
}
