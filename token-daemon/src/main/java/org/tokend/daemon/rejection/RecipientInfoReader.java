package org.tokend.daemon.rejection;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.OriginatorPublicKey;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.tokend.daemon.access.RefusalException;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;

/** Reads one RecipientInfo (RFC 5652 §6.2). Everything it refuses, it refuses by what anybody can see in the message. */
public final class RecipientInfoReader {
    private RecipientInfoReader() {}

    /** What must be known before the key is: which algorithm the key would be asked for. */
    public static Algorithm algorithm(byte[] der) throws RefusalException {
        return decoded(der, info -> switch (info) {
            case KeyTransRecipientInfo transport -> TransportAlgorithms.of(transport.getKeyEncryptionAlgorithm());
            case KeyAgreeRecipientInfo agreement -> Algorithm.ECDH;
            default -> throw unsupported("a RecipientInfo that is neither KeyTrans nor KeyAgree");
        });
    }

    /** @param key the recipient's */
    public static EncryptedKey read(byte[] der, KeyDescriptor key) throws RefusalException {
        return decoded(der, info -> switch (info) {
            case KeyTransRecipientInfo transport ->
                new EncryptedKey.Transported(
                        TransportAlgorithms.of(transport.getKeyEncryptionAlgorithm()),
                        transport.getEncryptedKey().getOctets());
            case KeyAgreeRecipientInfo agreement -> agreed(agreement, key);
            default -> throw unsupported("a RecipientInfo that is neither KeyTrans nor KeyAgree");
        });
    }

    private interface Decoding<T> {
        T of(ASN1Encodable info) throws RefusalException, IOException;
    }

    /** Bouncy Castle reads lazily, and answers bad structures with whatever its casts and checks throw. */
    private static <T> T decoded(byte[] der, Decoding<T> decoding) throws RefusalException {
        try {
            return decoding.of(
                    RecipientInfo.getInstance(ASN1Primitive.fromByteArray(der)).getInfo());
        } catch (IOException | RuntimeException e) {
            throw malformed();
        }
    }

    private static EncryptedKey agreed(KeyAgreeRecipientInfo info, KeyDescriptor key)
            throws RefusalException, IOException {
        AlgorithmIdentifier agreement = info.getKeyEncryptionAlgorithm();
        String kdfHash = AgreementAlgorithms.kdfHash(agreement.getAlgorithm());
        AlgorithmIdentifier wrapping = AlgorithmIdentifier.getInstance(agreement.getParameters());
        if (wrapping == null) {
            throw malformed();
        }
        KeyWrap wrap = KeyWrap.of(wrapping.getAlgorithm())
                .orElseThrow(() -> unsupported("the key wrap " + wrapping.getAlgorithm()));
        ASN1OctetString keyingMaterial = info.getUserKeyingMaterial();
        return new EncryptedKey.Agreed(
                senderKey(info, key),
                kdfHash,
                wrap,
                AgreementAlgorithms.sharedInfo(wrapping, keyingMaterial, wrap.keyLength()),
                RecipientChoice.encryptedKey(info, key).getOctets());
    }

    /** The sender may leave the curve out, since it must be the recipient's (RFC 5753 §3.1.1). */
    private static byte[] senderKey(KeyAgreeRecipientInfo info, KeyDescriptor key)
            throws RefusalException, IOException {
        OriginatorPublicKey sender = info.getOriginator().getOriginatorKey();
        if (sender == null) {
            throw unsupported("a sender's key that is not in the message (static ECDH)");
        }
        AlgorithmIdentifier ours =
                SubjectPublicKeyInfo.getInstance(key.publicKey()).getAlgorithm();
        byte[] point = sender.getPublicKeyData().getOctets();
        return new SubjectPublicKeyInfo(ours, Arrays.copyOf(point, point.length)).getEncoded("DER");
    }

    static RefusalException unsupported(String what) {
        return new RefusalException(
                ErrorCode.ALGORITHM_UNSUPPORTED, "the message uses " + what + ", which tokend does not know");
    }

    static RefusalException malformed() {
        return new RefusalException(
                ErrorCode.INVALID_REQUEST, "recipientInfo is not the DER of a RecipientInfo (RFC 5652 §6.2)");
    }

    /** RSA key transport by its object identifier and parameters. */
    private static final class TransportAlgorithms {
        static Algorithm of(AlgorithmIdentifier identifier) throws RefusalException {
            if (PKCSObjectIdentifiers.rsaEncryption.equals(identifier.getAlgorithm())) {
                return Algorithm.RSA_PKCS1;
            }
            if (PKCSObjectIdentifiers.id_RSAES_OAEP.equals(identifier.getAlgorithm())) {
                return OaepParameters.algorithm(identifier.getParameters());
            }
            throw unsupported("the key transport " + identifier.getAlgorithm());
        }
    }
}
