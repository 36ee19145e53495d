package org.tokend.smime.revocation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The three states; the third is never taken for one of the others. */
public sealed interface RevocationState {

    /**
     * Not revoked.
     *
     * @param source the address, or the file, that says so
     * @param until when its answer ends; null where the responder names no end
     */
    record Good(String source, @Nullable Instant until) implements RevocationState {}

    /** @param reason as in RFC 5280 §5.3.1, such as {@code keyCompromise} */
    record Revoked(Instant since, String reason, String source) implements RevocationState {}

    /** @param detail one sentence, with the address where there is one */
    record Unknown(Cause cause, String detail) implements RevocationState {}

    /** Why it is not known, from the least telling to the most. */
    enum Cause {
        /** The certificate says nothing of a CRL or a responder. */
        NOWHERE_TO_ASK,
        /** Nobody was asked. */
        OFFLINE,
        UNREACHABLE,
        /** The responder answers, but will not say. */
        OCSP_REFUSED,
        /** The responder does not know the certificate. */
        OCSP_UNKNOWN,
        /** What came is no CRL and no OCSP response. */
        BAD_ENCODING,
        /** The answer is past its date. */
        STALE,
        /** The answer begins in the future. */
        NOT_YET_VALID,
        /** The answer is about other certificates. */
        OUT_OF_SCOPE,
        /** The answer is from another issuer. */
        WRONG_ISSUER,
        /** The nonce in the answer is not ours: it was made for another. */
        WRONG_NONCE,
        BAD_SIGNATURE
    }

    default boolean isUnknown() {
        return this instanceof Unknown;
    }

    default String text() {
        if (this instanceof Revoked revoked) {
            return "revoked since " + revoked.since() + " (" + revoked.reason() + "), says " + revoked.source();
        } else if (this instanceof Unknown unknown) {
            return "not known: " + unknown.detail();
        }
        return "not revoked, says " + ((Good) this).source();
    }
}
