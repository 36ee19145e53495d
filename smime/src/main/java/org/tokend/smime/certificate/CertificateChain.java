package org.tokend.smime.certificate;

import java.util.ArrayList;
import java.util.List;

/** The certificates that travel with a signature: the signer's own, then the CAs above it, without the root. */
public final class CertificateChain {

    private static final int MAX_LENGTH = 8;

    private CertificateChain() {}

    public static List<MailCertificate> of(MailCertificate signer, List<MailCertificate> known) {
        List<MailCertificate> chain = new ArrayList<>(List.of(signer));
        // Cross-signed and re-issued CAs of one name all travel: the reader may trust either path (RFC 8550 §2.3).
        for (int i = 0; i < chain.size() && chain.size() < MAX_LENGTH; i++) {
            MailCertificate current = chain.get(i);
            known.stream()
                    .filter(candidate -> !candidate.isSelfIssued() && current.isIssuedBy(candidate))
                    .filter(candidate -> !chain.contains(candidate))
                    .forEach(chain::add);
        }
        return List.copyOf(chain);
    }
}
