package org.tokend.smime;

import java.util.List;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;

/** Decides whether a signer's or a recipient's certificate is what it says: chain, revocation, policy. */
@FunctionalInterface
public interface SignerTrust {

    /**
     * @param purpose what the certificate is wanted for
     * @param sent certificates that came along: links of a chain, never its root
     */
    TrustVerdict judge(MailCertificate certificate, KeyPurpose purpose, List<MailCertificate> sent);
}
