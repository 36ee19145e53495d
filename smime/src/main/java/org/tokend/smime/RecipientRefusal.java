package org.tokend.smime;

import java.io.IOException;
import java.util.List;

/** Some recipients cannot be encrypted to, so nothing is encrypted to anybody. */
public final class RecipientRefusal extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why not; of several the last is told, because it is the nearest to a certificate that could be used. */
    public enum Reason {
        MISSING,
        WRONG_USAGE,
        NOT_YET_VALID,
        EXPIRED,
        REVOKED,
        UNTRUSTED,
        WEAK_KEY,
        CAPABILITY_CONFLICT,
        /** What is set on this machine does not allow it, whoever it is to. */
        POLICY
    }

    /** One recipient. */
    public record Refused(String address, Reason reason, String text) {}

    private final transient List<Refused> refused;

    public RecipientRefusal(List<Refused> refused) {
        super("nothing was encrypted: " + refused.size() + " recipient" + (refused.size() == 1 ? "" : "s")
                + " cannot be encrypted to");
        this.refused = List.copyOf(refused);
    }

    public List<Refused> refused() {
        return refused;
    }
}
