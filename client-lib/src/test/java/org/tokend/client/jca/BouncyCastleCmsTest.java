package org.tokend.client.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EnvelopedData;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

/** Bouncy Castle's CMS as it comes, with the provider added and nothing told about it. */
class BouncyCastleCmsTest {
    private static final byte[] MAIL = "Content-Type: text/plain\r\n\r\nDear Bob\r\n".getBytes(StandardCharsets.UTF_8);

    private static SoftwareKeys keys;
    private static KeyStore store;
    private final List<String> added = new ArrayList<>();

    @BeforeAll
    static void keys() throws Exception {
        keys = new SoftwareKeys();
        for (String type : new String[] {"RSA", "P-256", "P-384", "P-521", "Ed25519"}) {
            keys.add(type, type);
        }
        store = KeyStore.getInstance("Tokend", new TokenProvider(keys.server().socket()));
        store.load(null, null);
    }

    @AfterAll
    static void close() throws Exception {
        keys.close();
    }

    @BeforeEach
    void recovered() {
        keys.fail(null);
    }

    private void providers(boolean bouncyCastle) {
        if (bouncyCastle) {
            Security.addProvider(SoftwareKeys.BC);
            added.add("BC");
        }
        Security.addProvider(new TokenProvider(keys.server().socket()));
        added.add(TokenProvider.NAME);
    }

    @AfterEach
    void providersAsBefore() {
        added.forEach(Security::removeProvider);
    }

    private static PrivateKey key(String alias) throws Exception {
        return (PrivateKey) store.getKey(alias, null);
    }

    private static X509Certificate certificate(String alias) throws Exception {
        return (X509Certificate) store.getCertificate(alias);
    }

    @ParameterizedTest
    @CsvSource({
        "RSA,     SHA1withRSA,            false",
        "RSA,     SHA256withRSA,          false",
        "RSA,     SHA512withRSA,          true",
        "RSA,     SHA256withRSAandMGF1,   false",
        "RSA,     SHA256withRSAandMGF1,   true",
        "RSA,     SHA384withRSAandMGF1,   false",
        "RSA,     SHA512withRSAandMGF1,   true",
        "P-256,   SHA256withECDSA,        false",
        "P-256,   SHA256withECDSA,        true",
        "P-384,   SHA384withECDSA,        false",
        "P-521,   SHA512withECDSA,        true",
        "Ed25519, Ed25519,                false",
        "Ed25519, Ed25519,                true",
    })
    @DisplayName("A message that Bouncy Castle signs with a token key verifies")
    void sign(String alias, String algorithm, boolean bouncyCastle) throws Exception {
        providers(bouncyCastle);
        verify(signed(alias, new JcaContentSignerBuilder(algorithm)), alias);
    }

    private static CMSSignedData signed(String alias, JcaContentSignerBuilder signer) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
                new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                        .build(signer.build(key(alias)), certificate(alias)));
        return generator.generate(new CMSProcessableByteArray(MAIL), true);
    }

    private static void verify(CMSSignedData message, String alias) throws Exception {
        SignerInformation signer = new CMSSignedData(message.getEncoded())
                .getSignerInfos()
                .getSigners()
                .iterator()
                .next();
        assertThat(signer.verify(new JcaSimpleSignerInfoVerifierBuilder()
                        .setProvider(SoftwareKeys.BC)
                        .build(certificate(alias))))
                .isTrue();
    }

    private static byte[] encrypted(RecipientInfoGenerator recipient, ASN1ObjectIdentifier content) throws Exception {
        CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
        generator.addRecipientInfoGenerator(recipient);
        return generator
                .generate(
                        new CMSProcessableByteArray(MAIL),
                        new JceCMSContentEncryptorBuilder(content)
                                .setProvider(SoftwareKeys.BC)
                                .build())
                .getEncoded();
    }

    private static byte[] decrypted(byte[] message, Recipient recipient) throws CMSException {
        RecipientInformation information =
                new CMSEnvelopedData(message).getRecipientInfos().iterator().next();
        return information.getContent(recipient);
    }

    @ParameterizedTest
    @CsvSource({
        "2.16.840.1.101.3.4.1.2,  false",
        "2.16.840.1.101.3.4.1.22, false",
        "2.16.840.1.101.3.4.1.42, false",
        "2.16.840.1.101.3.4.1.42, true",
        "1.2.840.113549.3.7,      false",
    })
    @DisplayName("A message for an RSA key decrypts (PKCS#1 v1.5), whatever the content's cipher")
    void keyTransport(String content, boolean bouncyCastle) throws Exception {
        byte[] message = encrypted(
                new JceKeyTransRecipientInfoGenerator(certificate("RSA")).setProvider(SoftwareKeys.BC),
                new ASN1ObjectIdentifier(content));
        providers(bouncyCastle);
        int before = keys.uses().size();
        assertThat(decrypted(message, new JceKeyTransEnvelopedRecipient(key("RSA"))))
                .isEqualTo(MAIL);
        assertThat(keys.uses()).as("the token is used once").hasSize(before + 1);
    }

    @ParameterizedTest
    @CsvSource({"SHA-1, false", "SHA-1, true", "SHA-256, false", "SHA-256, true", "SHA-512, false"})
    @DisplayName("A message for an RSA key decrypts (OAEP), whatever the hash")
    void oaep(String hash, boolean bouncyCastle) throws Exception {
        OAEPParameterSpec spec =
                new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT);
        AlgorithmIdentifier algorithm = new JcaAlgorithmParametersConverter()
                .getAlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.113549.1.1.7"), spec);
        byte[] message = encrypted(
                new JceKeyTransRecipientInfoGenerator(certificate("RSA"), algorithm).setProvider(SoftwareKeys.BC),
                CMSAlgorithm.AES256_CBC);
        providers(bouncyCastle);
        assertThat(decrypted(message, new JceKeyTransEnvelopedRecipient(key("RSA"))))
                .isEqualTo(MAIL);
        assertThat(((Decrypt) keys.uses().get(keys.uses().size() - 1))
                        .algorithm()
                        .wireName())
                .isEqualTo("rsa-oaep-" + hash.replace("-", "").toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource({
        "P-256, 1.3.133.16.840.63.0.2, 2.16.840.1.101.3.4.1.5,  false",
        "P-256, 1.3.132.1.11.1,        2.16.840.1.101.3.4.1.5,  false",
        "P-256, 1.3.132.1.11.1,        2.16.840.1.101.3.4.1.45, true",
        "P-256, 1.3.132.1.14.1,        2.16.840.1.101.3.4.1.25, false",
        "P-384, 1.3.132.1.11.2,        2.16.840.1.101.3.4.1.45, false",
        "P-521, 1.3.132.1.11.3,        2.16.840.1.101.3.4.1.45, true",
        "P-256, 1.3.132.1.11.0,        1.2.840.113549.1.9.16.3.6, true",
    })
    @DisplayName("A message for an EC key decrypts, whatever the key derivation and key wrap")
    void keyAgreement(String alias, String scheme, String wrap, boolean bouncyCastle) throws Exception {
        KeyPair ephemeral = SoftwareKeys.pair(alias);
        byte[] message = encrypted(
                new JceKeyAgreeRecipientInfoGenerator(
                                new ASN1ObjectIdentifier(scheme),
                                ephemeral.getPrivate(),
                                ephemeral.getPublic(),
                                new ASN1ObjectIdentifier(wrap))
                        .addRecipient(certificate(alias))
                        .setProvider(SoftwareKeys.BC),
                CMSAlgorithm.AES128_CBC);
        providers(bouncyCastle);
        AlgorithmIdentifier curve = SubjectPublicKeyInfo.getInstance(
                        certificate(alias).getPublicKey().getEncoded())
                .getAlgorithm();
        assertThat(decrypted(
                        message, new JceKeyAgreeEnvelopedRecipient(key(alias)).setPrivateKeyAlgorithmIdentifier(curve)))
                .isEqualTo(MAIL);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("A cancelled prompt is the program's answer, and the person is not asked a second time")
    void cancelled(boolean bouncyCastle) throws Exception {
        byte[] message = encrypted(
                new JceKeyTransRecipientInfoGenerator(certificate("RSA")).setProvider(SoftwareKeys.BC),
                CMSAlgorithm.AES256_CBC);
        providers(bouncyCastle);
        int before = keys.uses().size();
        keys.fail(new Reply.Failure(ErrorCode.PROMPT_CANCELLED, "The prompt was closed"));
        assertThatThrownBy(() -> decrypted(message, new JceKeyTransEnvelopedRecipient(key("RSA"))))
                .isInstanceOf(TokenClientException.class)
                .hasMessage("The prompt was closed");
        assertThat(keys.uses()).hasSize(before + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("A forged RSA block gives a wrong key and so a content that does not decrypt, the same way each time")
    void forged(boolean bouncyCastle) throws Exception {
        byte[] message = encrypted(
                new JceKeyTransRecipientInfoGenerator(certificate("RSA")).setProvider(SoftwareKeys.BC),
                CMSAlgorithm.AES256_CBC);
        byte[] block = encryptedKey(message);
        message[Collections.indexOfSubList(boxed(message), boxed(block)) + 40] ^= 1;
        providers(bouncyCastle);
        Throwable first = catchFrom(message);
        Throwable second = catchFrom(message);
        assertThat(first).hasToString(second.toString());
    }

    private static byte[] encryptedKey(byte[] message) {
        EnvelopedData data =
                EnvelopedData.getInstance(ContentInfo.getInstance(message).getContent());
        RecipientInfo recipient =
                RecipientInfo.getInstance(data.getRecipientInfos().getObjectAt(0));
        return KeyTransRecipientInfo.getInstance(recipient.getInfo())
                .getEncryptedKey()
                .getOctets();
    }

    private static Throwable catchFrom(byte[] message) throws Exception {
        PrivateKey key = key("RSA");
        return catchThrowable(() -> assertThat(decrypted(message, new JceKeyTransEnvelopedRecipient(key)))
                .isEqualTo(MAIL));
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> boxed = new ArrayList<>();
        for (byte b : bytes) {
            boxed.add(b);
        }
        return boxed;
    }
}
