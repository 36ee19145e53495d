package org.tokend.smime.authority;

import java.util.List;
import java.util.Optional;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.authority.AuthorityException.Reason;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignatureScheme;

/** The key of a CA on a token, with the certificate that makes it one. */
public record CaKey(KeyDescription key, MailCertificate certificate) {

    /** By the newest of its certificates on the token, or by one that is given. */
    public static CaKey of(KeyDescription key, Optional<MailCertificate> given) throws AuthorityException {
        if (given.isPresent() && !given.get().hasKey(key.publicKey())) {
            throw new AuthorityException(
                    Reason.NO_CA_CERTIFICATE,
                    "the certificate " + given.get().describe() + " is not for the key " + key.uri());
        }
        List<MailCertificate> own = given.map(List::of)
                .orElseGet(() -> key.certificates().stream()
                        .flatMap(der -> MailCertificate.of(der).stream())
                        .toList());
        return own.stream()
                .filter(MailCertificate::isAuthority)
                .max(MailCertificate.BY_AGE)
                .map(each -> new CaKey(key, each))
                .orElseThrow(() -> new AuthorityException(
                        Reason.NO_CA_CERTIFICATE,
                        "no certificate of a CA is beside the key " + key.uri()
                                + "; make one with \"tokenctl ca root\", or put it there with \"tokenctl key"
                                + " certificate\""));
    }

    static SignatureScheme scheme(KeyDescription key) throws AuthorityException {
        return SignatureScheme.preferredFor(key)
                .orElseThrow(() -> new AuthorityException(
                        Reason.NO_CA_CERTIFICATE, "the key " + key.uri() + " cannot sign, says the token"));
    }
}
