package org.tokend.smime;

import java.util.List;
import org.tokend.smime.certificate.MailCertificate;

/**
 * Whether a certificate is what it says.
 *
 * @param reason one sentence that names the certificate it is about
 * @param next what a person can do; empty where there is nothing to do
 * @param chain signer first, as far as it was found
 */
public record TrustVerdict(
        Chain state, Revocation revocation, String reason, String next, List<MailCertificate> chain) {

    /** For those who only want to know what a message carries. */
    public static final TrustVerdict NOT_ASKED =
            new TrustVerdict(Chain.GAP, Revocation.UNKNOWN, "nobody asked", "", List.of());

    /** The path to a root. */
    public enum Chain {
        TRUSTED,
        /** A path ends at a root that nobody here trusts. */
        UNTRUSTED_ROOT,
        /** A CA's certificate is missing between the signer and a root. */
        GAP,
        EXPIRED,
        /** It is made for something else than what it is wanted for. */
        WRONG_USAGE,
        /** Key usage, name constraints, signature: the path breaks the rules. */
        INVALID
    }

    /** RFC 5280 §6.3, with the third state that really occurs. */
    public enum Revocation {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    public TrustVerdict {
        chain = List.copyOf(chain);
    }

    public boolean isTrusted() {
        return state == Chain.TRUSTED && revocation != Revocation.REVOKED;
    }
}
