package org.tokend.smime.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.Key;
import java.security.PrivateKey;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EncryptedContentInfo;
import org.bouncycastle.asn1.cms.EnvelopedData;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.KEMRecipientInformation;
import org.bouncycastle.cms.KeyTransRecipientInformation;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceKEMRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Bouncy Castle's own unwrapping of one RecipientInfo with a software key. */
public final class RecipientKeys {

    private RecipientKeys() {}

    public static byte[] unwrap(byte[] recipientInfo, PrivateKey key) {
        ByteArrayOutputStream contentKey = new ByteArrayOutputStream();
        try {
            RecipientInfo info = RecipientInfo.getInstance(ASN1Primitive.fromByteArray(recipientInfo));
            RecipientInformation recipient =
                    message(info).getRecipientInfos().getRecipients().iterator().next();
            if (recipient instanceof KeyTransRecipientInformation) {
                recipient.getContent(new Transport(key, contentKey));
            } else if (recipient instanceof KEMRecipientInformation) {
                recipient.getContent(new Encapsulation(key, contentKey));
            } else {
                recipient.getContent(new Agreement(key, contentKey));
            }
        } catch (CMSException | IOException | RuntimeException expected) {
            if (contentKey.size() == 0) {
                throw new IllegalStateException(expected);
            }
        }
        return contentKey.toByteArray();
    }

    /** The RecipientInfo in a message of its own, because that is what Bouncy Castle's recipients take. */
    private static CMSEnvelopedData message(RecipientInfo info) throws CMSException {
        ASN1EncodableVector recipients = new ASN1EncodableVector();
        recipients.add(info);
        EncryptedContentInfo content = new EncryptedContentInfo(
                CMSObjectIdentifiers.data,
                new AlgorithmIdentifier(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(new byte[16])),
                new DEROctetString(new byte[16]));
        EnvelopedData data =
                new EnvelopedData(null, new DERSet(recipients), content, (org.bouncycastle.asn1.ASN1Set) null);
        return new CMSEnvelopedData(new ContentInfo(CMSObjectIdentifiers.envelopedData, data));
    }

    /** Keeps the content key, which is all that is wanted: the content is not there. */
    private static CMSException found(Key key, ByteArrayOutputStream contentKey) {
        contentKey.writeBytes(key.getEncoded());
        return new CMSException("the content key is all that is wanted");
    }

    private static final class Transport extends JceKeyTransRecipient {
        private final ByteArrayOutputStream contentKey;

        Transport(PrivateKey key, ByteArrayOutputStream contentKey) {
            super(key);
            this.contentKey = contentKey;
            setProvider(new BouncyCastleProvider());
        }

        @Override
        public org.bouncycastle.cms.RecipientOperator getRecipientOperator(
                AlgorithmIdentifier keyEncryption, AlgorithmIdentifier content, byte[] encryptedKey)
                throws CMSException {
            throw found(extractSecretKey(keyEncryption, content, encryptedKey), contentKey);
        }
    }

    private static final class Encapsulation extends JceKEMRecipient {
        private final ByteArrayOutputStream contentKey;

        Encapsulation(PrivateKey key, ByteArrayOutputStream contentKey) {
            super(key);
            this.contentKey = contentKey;
            setProvider(new BouncyCastleProvider());
        }

        @Override
        public org.bouncycastle.cms.RecipientOperator getRecipientOperator(
                AlgorithmIdentifier keyEncryption, AlgorithmIdentifier content, byte[] encryptedKey)
                throws CMSException {
            throw found(extractSecretKey(keyEncryption, content, encryptedKey), contentKey);
        }
    }

    private static final class Agreement extends JceKeyAgreeRecipient {
        private final ByteArrayOutputStream contentKey;

        Agreement(PrivateKey key, ByteArrayOutputStream contentKey) {
            super(key);
            this.contentKey = contentKey;
            setProvider(new BouncyCastleProvider());
        }

        @Override
        public org.bouncycastle.cms.RecipientOperator getRecipientOperator(
                AlgorithmIdentifier keyEncryption,
                AlgorithmIdentifier content,
                org.bouncycastle.asn1.x509.SubjectPublicKeyInfo sender,
                org.bouncycastle.asn1.ASN1OctetString userKeyingMaterial,
                byte[] encryptedKey)
                throws CMSException {
            throw found(extractSecretKey(keyEncryption, content, sender, userKeyingMaterial, encryptedKey), contentKey);
        }
    }
}
