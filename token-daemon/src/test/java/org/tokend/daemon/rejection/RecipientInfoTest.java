package org.tokend.daemon.rejection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EnvelopedData;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.Algorithm;

/** RecipientInfos made by Bouncy Castle's generators, taken apart by us, judged by whether the content decrypts. */
class RecipientInfoTest {
    private static final byte[] MAIL = "the very bytes".getBytes(StandardCharsets.UTF_8);
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();
    private static final TestCa CA = TestCa.create();

    @TempDir
    Path directory;

    private final SoftwareToken token = new SoftwareToken("t");

    @Test
    @DisplayName("RSA PKCS#1 v1.5")
    void pkcs1() throws Exception {
        X509Certificate certificate = certificate(TestKey.RSA_2048_A);
        assertOpens(TestKey.RSA_2048_A, Algorithm.RSA_PKCS1, new JceKeyTransRecipientInfoGenerator(certificate));
    }

    @ParameterizedTest
    @DisplayName("RSA OAEP with its parameters")
    @CsvSource({"RSA_OAEP_SHA1, 1.3.14.3.2.26", "RSA_OAEP_SHA256, 2.16.840.1.101.3.4.2.1"})
    void oaep(Algorithm algorithm, String hash) throws Exception {
        AlgorithmIdentifier hashIdentifier = new AlgorithmIdentifier(new ASN1ObjectIdentifier(hash));
        RSAESOAEPparams parameters = new RSAESOAEPparams(
                hashIdentifier,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, hashIdentifier),
                RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM);
        assertOpens(
                TestKey.RSA_2048_A,
                algorithm,
                new JceKeyTransRecipientInfoGenerator(
                                certificate(TestKey.RSA_2048_A),
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, parameters))
                        .setProvider(BC));
    }

    @ParameterizedTest
    @DisplayName("ECDH, every key derivation, with and without cofactor")
    @CsvSource({
        "P256_A, secp256r1, ECDH_SHA1KDF",
        "P256_A, secp256r1, ECDH_SHA224KDF",
        "P256_A, secp256r1, ECDH_SHA256KDF",
        "P384, secp384r1, ECDH_SHA384KDF",
        "P521, secp521r1, ECDH_SHA512KDF",
        "P256_A, secp256r1, ECCDH_SHA256KDF",
        "P384, secp384r1, ECCDH_SHA384KDF",
    })
    void ecdh(TestKey key, String curve, String agreement) throws Exception {
        ASN1ObjectIdentifier identifier =
                (ASN1ObjectIdentifier) CMSAlgorithm.class.getField(agreement).get(null);
        JceKeyAgreeRecipientInfoGenerator generator = agreement(identifier, curve);
        generator.addRecipient(certificate(key));
        assertOpens(key, Algorithm.ECDH, generator);
    }

    @Test
    @DisplayName("Of several recipients in one KeyAgreeRecipientInfo the one of our certificate is taken")
    void severalRecipients() throws Exception {
        JceKeyAgreeRecipientInfoGenerator generator = agreement(CMSAlgorithm.ECDH_SHA256KDF, "secp256r1");
        generator.addRecipient(certificate(TestKey.P256_B));
        generator.addRecipient(certificate(TestKey.P256_A));
        assertOpens(TestKey.P256_A, Algorithm.ECDH, generator);
    }

    @Test
    @DisplayName("A message to others only is refused before the token is used")
    void otherRecipients() throws Exception {
        JceKeyAgreeRecipientInfoGenerator generator = agreement(CMSAlgorithm.ECDH_SHA256KDF, "secp256r1");
        generator.addRecipient(certificate(TestKey.P256_B));
        generator.addRecipient(CA.mail(TestKey.P256_B.publicKey(), "c@example.org"));
        EnvelopedData message = envelop(generator);
        assertThatThrownBy(() -> open(message, descriptor(TestKey.P256_A), 32))
                .isInstanceOf(RefusalException.class)
                .hasMessageContaining("names 2 recipients");
        assertThat(token.calls).isEmpty();
    }

    @Test
    @DisplayName("A wrapped key that was changed, or has another length than declared, gives the one error")
    void damaged() throws Exception {
        JceKeyAgreeRecipientInfoGenerator generator = agreement(CMSAlgorithm.ECDH_SHA256KDF, "secp256r1");
        generator.addRecipient(certificate(TestKey.P256_A));
        EnvelopedData message = envelop(generator);
        KeyDescriptor key = descriptor(TestKey.P256_A);
        byte[] der = recipientInfo(message);
        der[der.length - 1] ^= 1;
        String wrong = "the ciphertext does not decrypt with the key " + key.fingerprint();
        assertThatThrownBy(() -> open(der, key, 32)).hasMessage(wrong);
        assertThatThrownBy(() -> open(message, key, 16)).hasMessage(wrong);
    }

    @ParameterizedTest
    @DisplayName("What is no RecipientInfo is refused")
    @CsvSource({"''", "00", "3003020101", "30800000", "a1020500", "a2020500", "a10430020500"})
    void garbage(String hex) {
        byte[] der = java.util.HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> open(der, descriptor(TestKey.P256_A), 32)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> {
                    Algorithm algorithm = RecipientInfoReader.algorithm(der);
                    RecipientInfoReader.read(der, descriptor(TestKey.P256_A));
                    throw new AssertionError("read as " + algorithm);
                })
                .isInstanceOf(RefusalException.class);
    }

    private static JceKeyAgreeRecipientInfoGenerator agreement(ASN1ObjectIdentifier identifier, String curve)
            throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair sender = generator.generateKeyPair();
        return new JceKeyAgreeRecipientInfoGenerator(
                        identifier, sender.getPrivate(), sender.getPublic(), NISTObjectIdentifiers.id_aes256_wrap)
                .setProvider(BC);
    }

    private static X509Certificate certificate(TestKey key) {
        return CA.mail(key.publicKey(), key.defaultLabel() + "@example.org");
    }

    private KeyDescriptor descriptor(TestKey key) throws Exception {
        return token.add(key, "k", List.of(certificate(key).getEncoded()), null);
    }

    private void assertOpens(TestKey key, Algorithm algorithm, RecipientInfoGenerator generator) throws Exception {
        EnvelopedData message = envelop(generator);
        assertThat(RecipientInfoReader.algorithm(recipientInfo(message))).isEqualTo(algorithm);
        byte[] contentKey = open(message, descriptor(key), 32);

        var content = message.getEncryptedContentInfo();
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(contentKey, "AES"),
                new IvParameterSpec(ASN1OctetString.getInstance(
                                content.getContentEncryptionAlgorithm().getParameters())
                        .getOctets()));
        assertThat(cipher.doFinal(content.getEncryptedContent().getOctets())).isEqualTo(MAIL);
    }

    private byte[] open(EnvelopedData message, KeyDescriptor key, int length) throws Exception {
        return open(recipientInfo(message), key, length);
    }

    private byte[] open(byte[] der, KeyDescriptor key, int length) throws Exception {
        try (RejectionSecrets secrets = new RejectionSecrets(directory.resolve("rejection"))) {
            return new Decryptor(secrets).contentKey(token, key, RecipientInfoReader.read(der, key), length, null);
        }
    }

    private static byte[] recipientInfo(EnvelopedData message) throws Exception {
        ASN1Set recipients = message.getRecipientInfos();
        return recipients.getObjectAt(0).toASN1Primitive().getEncoded("DER");
    }

    private static EnvelopedData envelop(RecipientInfoGenerator recipient) throws Exception {
        CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
        generator.addRecipientInfoGenerator(recipient);
        ContentInfo info = generator
                .generate(
                        new CMSProcessableByteArray(MAIL),
                        new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC)
                                .setProvider(BC)
                                .build())
                .toASN1Structure();
        return EnvelopedData.getInstance(info.getContent());
    }
}
