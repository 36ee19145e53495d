package org.tokend.smime.cms;

import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;

/**
 * Somebody to whom a content is encrypted.
 *
 * @param oaep RSA-OAEP (RFC 3560) instead of PKCS#1 v1.5; only where it is known that the recipient reads it
 */
public record ContentRecipient(
        MailCertificate certificate, @Nullable Oaep oaep) {

    /** How the content key is wrapped, for people. */
    public String wrapping() {
        Oaep asked = oaep;
        return asked != null ? asked.text() : RecipientInfos.wrapping(certificate);
    }
}
