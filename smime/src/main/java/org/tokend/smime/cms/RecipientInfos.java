package org.tokend.smime.cms;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientIdentifier;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.OriginatorIdentifierOrKey;
import org.bouncycastle.asn1.cms.OriginatorPublicKey;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.cms.RecipientIdentifier;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.cms.ecc.ECCCMSSharedInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.tokend.smime.certificate.MailCertificate;

/**
 * Wraps one content key for each recipient, named by issuer and serial number because gpgsm finds no other name. RSA: PKCS#1
 * v1.5, or OAEP where it was asked for. EC: ephemeral-static standard ECDH (RFC 5753 §3.1) with the hash of the curve's
 * strength.
 */
final class RecipientInfos {

    private final SecureRandom random;

    RecipientInfos(SecureRandom random) {
        this.random = random;
    }

    /** In an order that says nothing about who is the first, who the last, and who sent it. */
    List<RecipientInfo> wrap(byte[] contentKey, List<ContentRecipient> recipients)
            throws GeneralSecurityException, IOException {
        List<RecipientInfo> infos = new ArrayList<>();
        for (ContentRecipient recipient : recipients) {
            SubjectPublicKeyInfo key = recipient.certificate().holder().getSubjectPublicKeyInfo();
            boolean curve = key.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey);
            infos.add(
                    curve
                            ? new RecipientInfo(agreed(contentKey, recipient, key))
                            : new RecipientInfo(transported(contentKey, recipient, key)));
        }
        Collections.shuffle(infos, random);
        return infos;
    }

    /** For people, where no OAEP is asked for. */
    static String wrapping(MailCertificate certificate) {
        SubjectPublicKeyInfo key = certificate.holder().getSubjectPublicKeyInfo();
        if (!key.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "RSA PKCS#1 v1.5";
        }
        try {
            return "ECDH with "
                    + Agreement.of((ECPublicKey) publicKey(key, "EC")).hash() + " and AES-256 key wrap";
        } catch (GeneralSecurityException | IOException unknownCurve) {
            return "ECDH";
        }
    }

    private static IssuerAndSerialNumber name(ContentRecipient recipient) {
        return new IssuerAndSerialNumber(recipient.certificate().holder().toASN1Structure());
    }

    private static PublicKey publicKey(SubjectPublicKeyInfo key, String algorithm)
            throws GeneralSecurityException, IOException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
    }

    private KeyTransRecipientInfo transported(byte[] contentKey, ContentRecipient recipient, SubjectPublicKeyInfo key)
            throws GeneralSecurityException, IOException {
        // The JDK knows an RSA key by one name only, and a key for OAEP has another (RFC 4055 §4.1).
        AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        PublicKey publicKey = publicKey(new SubjectPublicKeyInfo(rsa, key.parsePublicKey()), "RSA");
        Oaep oaep = recipient.oaep();
        Cipher cipher = Cipher.getInstance(oaep == null ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding");
        if (oaep == null) {
            cipher.init(Cipher.ENCRYPT_MODE, publicKey, random);
        } else {
            cipher.init(Cipher.ENCRYPT_MODE, publicKey, oaep.specification(), random);
        }
        return new KeyTransRecipientInfo(
                new RecipientIdentifier(name(recipient)),
                oaep == null ? rsa : oaep.identifier(),
                new DEROctetString(cipher.doFinal(contentKey)));
    }

    /** How a curve is used: RFC 5753 §7.1.4 with the wrap as strong as the hash. */
    private record Agreement(ASN1ObjectIdentifier scheme, String hash, ASN1ObjectIdentifier wrap, int wrapLength) {

        static Agreement of(ECPublicKey key) {
            int bits = key.getParams().getCurve().getField().getFieldSize();
            if (bits <= 256) {
                return new Agreement(
                        SECObjectIdentifiers.dhSinglePass_stdDH_sha256kdf_scheme,
                        "SHA-256",
                        NISTObjectIdentifiers.id_aes256_wrap,
                        32);
            }
            return bits <= 384
                    ? new Agreement(
                            SECObjectIdentifiers.dhSinglePass_stdDH_sha384kdf_scheme,
                            "SHA-384",
                            NISTObjectIdentifiers.id_aes256_wrap,
                            32)
                    : new Agreement(
                            SECObjectIdentifiers.dhSinglePass_stdDH_sha512kdf_scheme,
                            "SHA-512",
                            NISTObjectIdentifiers.id_aes256_wrap,
                            32);
        }
    }

    private KeyAgreeRecipientInfo agreed(byte[] contentKey, ContentRecipient recipient, SubjectPublicKeyInfo key)
            throws GeneralSecurityException, IOException {
        ECPublicKey publicKey = (ECPublicKey) publicKey(key, "EC");
        Agreement agreement = Agreement.of(publicKey);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(publicKey.getParams(), random);
        KeyPair ephemeral = generator.generateKeyPair();
        KeyAgreement ecdh = KeyAgreement.getInstance("ECDH");
        ecdh.init(ephemeral.getPrivate());
        ecdh.doPhase(publicKey, true);
        byte[] shared = ecdh.generateSecret();
        AlgorithmIdentifier wrap = new AlgorithmIdentifier(agreement.wrap());
        byte[] keyEncryptionKey = derive(shared, agreement, wrap);
        try {
            Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(keyEncryptionKey, "AES"));
            byte[] wrapped = cipher.wrap(new SecretKeySpec(contentKey, "AES"));
            SubjectPublicKeyInfo own =
                    SubjectPublicKeyInfo.getInstance(ephemeral.getPublic().getEncoded());
            return new KeyAgreeRecipientInfo(
                    new OriginatorIdentifierOrKey(new OriginatorPublicKey(
                            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey),
                            own.getPublicKeyData().getBytes())),
                    null,
                    new AlgorithmIdentifier(agreement.scheme(), wrap),
                    new DERSequence(new RecipientEncryptedKey(
                            new KeyAgreeRecipientIdentifier(name(recipient)), new DEROctetString(wrapped))));
        } finally {
            Arrays.fill(shared, (byte) 0);
            Arrays.fill(keyEncryptionKey, (byte) 0);
        }
    }

    /** The KDF of X9.63 (RFC 5753 §7.2); one block of the hash is long enough for every wrap. */
    private static byte[] derive(byte[] shared, Agreement agreement, AlgorithmIdentifier wrap)
            throws GeneralSecurityException, IOException {
        int bits = agreement.wrapLength() * 8;
        byte[] length = {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
        MessageDigest hash = MessageDigest.getInstance(agreement.hash());
        hash.update(shared);
        hash.update(new byte[] {0, 0, 0, 1});
        hash.update(new ECCCMSSharedInfo(wrap, length).getEncoded(ASN1Encoding.DER));
        return Arrays.copyOf(hash.digest(), agreement.wrapLength());
    }
}
