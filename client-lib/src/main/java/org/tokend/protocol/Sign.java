package org.tokend.protocol;

/**
 * Signs. Answered by {@link Reply.Signature}.
 *
 * @param kind what {@code input} is; the daemon checks it against the role of the key
 * @param input the digest, of exactly {@link Algorithm#digestLength()} bytes, or for Ed25519 and raw PKCS#1 what is signed itself; for other kinds
 *     than a digest the whole structure, at most {@link #MAX_MESSAGE} bytes
 * @param purpose what the person is told the signature is for; at most 200 characters, may be empty
 */
public record Sign(String key, Algorithm algorithm, Kind kind, byte[] input, String purpose)
        implements PrivateKeyRequest {

    /** The longest message that Ed25519 signs, in bytes. */
    public static final int MAX_MESSAGE = 64 * 1024;

    /** What is signed. */
    public enum Kind {
        DIGEST("digest"),
        /** The DER of a TBSCertificate (RFC 5280 §4.1), which tokend reads and hashes itself. For keys of CAs only. */
        X509_TBS("x509-tbs"),
        /** The DER of a TBSCertList (RFC 5280 §5.1), likewise. */
        CRL("crl");

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
