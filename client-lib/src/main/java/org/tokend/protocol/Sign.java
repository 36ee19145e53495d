package org.tokend.protocol;

/**
 * Signs. Answered by {@link Reply.Signature}.
 *
 * @param kind what {@code input} is; the daemon checks it against the role of the key
 * @param input the digest, of exactly {@link Algorithm#digestLength()} bytes, or for Ed25519 and raw PKCS#1 what is signed itself
 * @param purpose what the person is told the signature is for; at most 200 characters, may be empty
 */
public record Sign(String key, Algorithm algorithm, Kind kind, byte[] input, String purpose)
        implements PrivateKeyRequest {

    /** The longest message that Ed25519 signs, in bytes. */
    public static final int MAX_MESSAGE = 64 * 1024;

    /** What is signed. Typed kinds that the daemon parses and hashes itself are added here. */
    public enum Kind {
        DIGEST("digest");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    @Override
    public String method() {
        return "org.tokend.Token.Sign";
    }
}
