package org.tokend.smime.chain;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;

/**
 * Whether a certificate leads to a trusted root, and if not the one cause why.
 *
 * @param path leaf first, as far as it was found; its last is the root where one was found
 * @param about the certificate in which the cause lies; null for {@code TRUSTED}
 * @param text one sentence
 * @param next what to do; empty where nothing is to be done
 * @param fetches addresses that were asked for missing issuers, and what came
 */
public record ChainVerdict(
        Status status,
        List<MailCertificate> path,
        @Nullable MailCertificate about,
        String text,
        String next,
        List<String> fetches) {

    /** From the farthest from trust to the nearest: of several paths the nearest is told. */
    public enum Status {
        /** An issuer's certificate is neither at hand nor to be fetched. */
        CHAIN_GAP,
        /** The path is whole, but nobody here trusts its root. */
        UNTRUSTED_ROOT,
        /** A signature on the path is not by the key above it. */
        BAD_SIGNATURE,
        /** A certificate on the path was issued by one that is not a CA, or for another use. */
        NOT_A_CA,
        /** More CAs than one of them allows below it (RFC 5280 §4.2.1.9). */
        PATH_TOO_LONG,
        /** A name that a CA may not give (RFC 5280 §4.2.1.10). */
        NAME_NOT_ALLOWED,
        /** An algorithm or a key that proves nothing any more. */
        WEAK_ALGORITHM,
        /** Another rule of RFC 5280 §6.1. */
        INVALID,
        NOT_YET_VALID_AT_LEVEL,
        EXPIRED_AT_LEVEL,
        TRUSTED
    }

    public ChainVerdict {
        path = List.copyOf(path);
        fetches = List.copyOf(fetches);
    }

    public boolean isTrusted() {
        return status == Status.TRUSTED;
    }

    /** 0 for the leaf, 1 for its issuer, and so on; -1 where no certificate is to blame. */
    public int level() {
        MailCertificate blamed = about;
        return blamed == null ? -1 : path.indexOf(blamed);
    }

    ChainVerdict after(List<String> asked) {
        return new ChainVerdict(status, path, about, text, next, asked);
    }
}
