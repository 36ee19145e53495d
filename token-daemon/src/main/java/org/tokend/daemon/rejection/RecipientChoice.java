package org.tokend.daemon.rejection;

import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientIdentifier;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.tokend.daemon.access.RefusalException;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.ErrorCode;

/**
 * One KeyAgreeRecipientInfo may be for several people: takes what is for the certificate of the key. A single one is taken as
 * it is, because the caller has chosen it, and an older certificate may have carried the same key.
 */
final class RecipientChoice {
    private RecipientChoice() {}

    static ASN1OctetString encryptedKey(KeyAgreeRecipientInfo info, KeyDescriptor key) throws RefusalException {
        List<RecipientEncryptedKey> all = Arrays.stream(
                        info.getRecipientEncryptedKeys().toArray())
                .map(RecipientEncryptedKey::getInstance)
                .toList();
        if (all.size() == 1) {
            return all.getFirst().getEncryptedKey();
        }
        for (byte[] der : key.certificates()) {
            Certificate certificate = Certificate.getInstance(der);
            for (RecipientEncryptedKey each : all) {
                if (names(each.getIdentifier(), certificate)) {
                    return each.getEncryptedKey();
                }
            }
        }
        throw new RefusalException(
                ErrorCode.INVALID_REQUEST,
                "recipientInfo names " + all.size() + " recipients and none of the certificates of the key "
                        + key.fingerprint());
    }

    private static boolean names(KeyAgreeRecipientIdentifier identifier, Certificate certificate) {
        IssuerAndSerialNumber issuerAndSerial = identifier.getIssuerAndSerialNumber();
        if (issuerAndSerial != null) {
            return issuerAndSerial.getName().equals(certificate.getIssuer())
                    && issuerAndSerial.getSerialNumber().equals(certificate.getSerialNumber());
        }
        Extensions extensions = certificate.getTBSCertificate().getExtensions();
        Extension extension = extensions == null ? null : extensions.getExtension(Extension.subjectKeyIdentifier);
        return extension != null
                && Arrays.equals(
                        SubjectKeyIdentifier.getInstance(extension.getParsedValue())
                                .getKeyIdentifier(),
                        identifier.getRKeyID().getSubjectKeyIdentifier().getOctets());
    }
}
