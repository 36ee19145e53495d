package org.tokend.smime;

import java.util.List;
import org.tokend.smime.certificate.MailCertificate;

/** Decides whether a signer's certificate is what it says: chain, revocation, policy. */
@FunctionalInterface
public interface SignerTrust {

    /** @param sent certificates that came along: links of a chain, never its root */
    TrustVerdict judge(MailCertificate signer, List<MailCertificate> sent);
}
