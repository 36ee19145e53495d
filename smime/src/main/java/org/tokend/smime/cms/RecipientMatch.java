package org.tokend.smime.cms;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.KEMRecipientInfo;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.OtherRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.tokend.smime.certificate.CertifiedKey;

/**
 * A RecipientInfo that names a certificate on a token. Headers of the mail play no part: who is named there and who can
 * read it are different things (Bcc, lists, old keys).
 *
 * @param recipientInfo DER, with no other recipient's encrypted key in it
 */
record RecipientMatch(CertifiedKey key, byte[] recipientInfo) {

    private static final int MAX_DESCRIBED = 20;

    static List<RecipientMatch> find(List<RecipientInfo> recipients, List<CertifiedKey> keys) throws IOException {
        List<RecipientMatch> found = new ArrayList<>();
        for (RecipientInfo recipient : recipients) {
            ASN1Encodable info = recipient.getInfo();
            if (info instanceof KeyTransRecipientInfo transport) {
                Optional<CertifiedKey> key = named(CertificateName.of(transport.getRecipientIdentifier()), keys);
                if (key.isPresent()) {
                    found.add(new RecipientMatch(key.get(), recipient.getEncoded(ASN1Encoding.DER)));
                }
            } else if (info instanceof KeyAgreeRecipientInfo agreement) {
                addAgreements(agreement, keys, found);
            } else {
                Optional<CertifiedKey> key = encapsulated(info)
                        .flatMap(kem -> named(CertificateName.of(kem.getRecipientIdentifier()), keys));
                if (key.isPresent()) {
                    found.add(new RecipientMatch(key.get(), recipient.getEncoded(ASN1Encoding.DER)));
                }
            }
        }
        return found;
    }

    /** ML-KEM and its kind (RFC 9629, RFC 9936); whether the key can do it, who holds the key says. */
    private static Optional<KEMRecipientInfo> encapsulated(ASN1Encodable info) {
        return info instanceof OtherRecipientInfo other && CMSObjectIdentifiers.id_ori_kem.equals(other.getType())
                ? Optional.of(KEMRecipientInfo.getInstance(other.getValue()))
                : Optional.empty();
    }

    private static void addAgreements(
            KeyAgreeRecipientInfo agreement, List<CertifiedKey> keys, List<RecipientMatch> found) throws IOException {
        for (ASN1Encodable each : agreement.getRecipientEncryptedKeys()) {
            RecipientEncryptedKey encryptedKey = RecipientEncryptedKey.getInstance(each);
            Optional<CertifiedKey> key = named(CertificateName.of(encryptedKey.getIdentifier()), keys);
            if (key.isPresent()) {
                KeyAgreeRecipientInfo alone = new KeyAgreeRecipientInfo(
                        agreement.getOriginator(),
                        agreement.getUserKeyingMaterial(),
                        agreement.getKeyEncryptionAlgorithm(),
                        new DERSequence(encryptedKey));
                found.add(new RecipientMatch(key.get(), new RecipientInfo(alone).getEncoded(ASN1Encoding.DER)));
            }
        }
    }

    private static Optional<CertifiedKey> named(CertificateName name, List<CertifiedKey> keys) {
        return keys.stream().filter(key -> name.names(key.certificate())).findFirst();
    }

    /** For people: whom the message was encrypted to. */
    static List<String> describe(List<RecipientInfo> recipients) {
        List<String> lines = new ArrayList<>();
        for (RecipientInfo recipient : recipients) {
            if (lines.size() >= MAX_DESCRIBED) {
                lines.add("and " + (recipients.size() - MAX_DESCRIBED) + " more");
                break;
            }
            ASN1Encodable info = recipient.getInfo();
            Optional<KEMRecipientInfo> encapsulated = encapsulated(info);
            if (encapsulated.isPresent()) {
                lines.add(CertificateName.of(encapsulated.get().getRecipientIdentifier())
                        .toString());
                continue;
            }
            if (info instanceof KeyTransRecipientInfo transport) {
                lines.add(CertificateName.of(transport.getRecipientIdentifier()).toString());
            } else if (info instanceof KeyAgreeRecipientInfo agreement) {
                for (ASN1Encodable each : agreement.getRecipientEncryptedKeys()) {
                    lines.add(CertificateName.of(
                                    RecipientEncryptedKey.getInstance(each).getIdentifier())
                            .toString());
                }
            } else {
                lines.add("a recipient who is not named by a certificate (password or shared key)");
            }
        }
        return lines;
    }
}
