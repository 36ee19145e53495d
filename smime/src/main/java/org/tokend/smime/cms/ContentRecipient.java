package org.tokend.smime.cms;

import org.tokend.smime.certificate.MailCertificate;

/**
 * Somebody to whom a content is encrypted.
 *
 * @param oaep RSA-OAEP (RFC 3560) instead of PKCS#1 v1.5; only where it is known that the recipient reads it
 */
public record ContentRecipient(MailCertificate certificate, boolean oaep) {}
