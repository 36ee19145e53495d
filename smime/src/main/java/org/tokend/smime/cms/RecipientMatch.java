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
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.CertifiedKey;

/**
 * A RecipientInfo that names a certificate on a token. Headers of the mail play no part: who is named there and who can
 * read it are different things (Bcc, lists, old keys).
 *
 * @param recipientInfo DER, with no other recipient's encrypted key in it
 */
record RecipientMatch(CertifiedKey key, byte[] recipientInfo) {

    private static final int MAX_DESCRIBED = 20;

    static List<RecipientMatch> find(List<RecipientInfo> recipients, List<KeyDescription> present) throws IOException {
        List<CertificateName> names = recipients.stream()
                .flatMap(recipient -> names(recipient).stream())
                .toList();
        List<CertifiedKey> keys = CertifiedKey.stream(present)
                .filter(key -> names.stream().anyMatch(name -> name.names(key.certificate())))
                .toList();
        List<RecipientMatch> found = new ArrayList<>();
        for (RecipientInfo recipient : recipients) {
            if (recipient.getInfo() instanceof KeyAgreeRecipientInfo agreement) {
                addAgreements(agreement, keys, found);
                continue;
            }
            for (CertificateName name : names(recipient)) {
                Optional<CertifiedKey> key = named(name, keys);
                if (key.isPresent()) {
                    found.add(new RecipientMatch(key.get(), recipient.getEncoded(ASN1Encoding.DER)));
                }
            }
        }
        return found;
    }

    private static List<CertificateName> names(RecipientInfo recipient) {
        ASN1Encodable info = recipient.getInfo();
        if (info instanceof KeyTransRecipientInfo transport) {
            return List.of(CertificateName.of(transport.getRecipientIdentifier()));
        }
        if (info instanceof KeyAgreeRecipientInfo agreement) {
            List<CertificateName> names = new ArrayList<>();
            for (ASN1Encodable each : agreement.getRecipientEncryptedKeys()) {
                names.add(CertificateName.of(
                        RecipientEncryptedKey.getInstance(each).getIdentifier()));
            }
            return names;
        }
        return encapsulated(info).map(kem -> CertificateName.of(kem.getRecipientIdentifier())).stream()
                .toList();
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
            List<CertificateName> names = names(recipient);
            if (names.isEmpty()) {
                lines.add("a recipient who is not named by a certificate (password or shared key)");
            }
            names.forEach(name -> lines.add(name.toString()));
        }
        return lines;
    }
}
