package org.tokend.daemon.access;

import org.tokend.protocol.Algorithm;

/**
 * What a request wants to do with a key, fully decoded.
 *
 * @param what what is signed or decrypted, for roles
 * @param purpose the caller's own words, untrusted, printable; may be empty
 */
public record KeyUse(Algorithm algorithm, What what, String purpose) {

    public enum What {
        PLAIN_DIGEST("sign"),
        CIPHERTEXT("decrypt"),
        CONTENT_KEY("decrypt"),
        AGREEMENT("agree on a key");

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
