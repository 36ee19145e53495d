package org.tokend.daemon.access;

import org.tokend.protocol.Algorithm;

/**
 * What a request wants to do with a key, fully decoded.
 *
 * @param what what is signed or decrypted, for roles
 * @param purpose the caller's own words, untrusted, printable; may be empty
 */
public record KeyUse(Algorithm algorithm, What what, String purpose) {

    /** Whether it is what a CA does with its key. */
    boolean issues() {
        return what == What.CERTIFICATE || what == What.REVOCATION_LIST;
    }

    public enum What {
        PLAIN_DIGEST("sign"),
        CIPHERTEXT("decrypt"),
        CONTENT_KEY("decrypt"),
        AGREEMENT("agree on a key"),
        /** Read by the daemon itself, as the next one. */
        CERTIFICATE("sign a certificate"),
        REVOCATION_LIST("sign a revocation list");

        private final String action;

        What(String action) {
            this.action = action;
        }

        /** In words for people. */
        public String action() {
            return action;
        }
    }
}
