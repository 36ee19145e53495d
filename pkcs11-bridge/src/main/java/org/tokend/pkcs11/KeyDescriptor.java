package org.tokend.pkcs11;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.uri.Pkcs11Uri;

/**
 * A private key on a token together with everything public about it. Holds no handle: it stays true for as long as the
 * token holds the key, over removals and restarts.
 *
 * @param ckaId CKA_ID, may be empty and need not be unique
 * @param label CKA_LABEL, may be empty and need not be unique
 * @param publicKey SubjectPublicKeyInfo, DER; RSA always as rsaEncryption, whatever the certificate says; empty when the
 *     token does not tell, and then {@code problem} says so and the fingerprint stands for the object, not for a key
 * @param certificates X.509, DER, all that carry exactly this public key; best one first
 * @param issuers X.509, DER: certificates on the same token that lead up from them, the nearest first
 * @param algorithms what the token can do with it, natively or with a fall-back in software
 * @param alwaysAuthenticate CKA_ALWAYS_AUTHENTICATE: every use needs the PIN
 * @param seen whether the private-key object itself has been seen; false before the first login on most tokens
 * @param problem one sentence why the key must not be used (its certificate belongs to another key), or null
 */
public record KeyDescriptor(
        TokenIdentity token,
        KeyFingerprint fingerprint,
        KeyType type,
        int bits,
        byte[] ckaId,
        String label,
        byte[] publicKey,
        List<byte[]> certificates,
        List<byte[]> issuers,
        Set<KeyAlgorithm> algorithms,
        boolean alwaysAuthenticate,
        boolean seen,
        @Nullable String problem) {

    /** Token, CKA_ID and label. Not always unique: the fingerprint is the identity. */
    public Pkcs11Uri uri() {
        Pkcs11Uri.Builder uri = Pkcs11Uri.builder()
                .token(token.label())
                .manufacturer(token.manufacturer())
                .serial(token.serial())
                .model(token.model());
        if (ckaId.length > 0) {
            uri.id(ckaId);
        }
        if (!label.isEmpty()) {
            uri.object(label);
        }
        return uri.type("private").build();
    }

    public KeyDescriptor withProblem(String sentence) {
        return new KeyDescriptor(
                token,
                fingerprint,
                type,
                bits,
                ckaId,
                label,
                publicKey,
                certificates,
                issuers,
                algorithms,
                alwaysAuthenticate,
                seen,
                sentence);
    }

    public boolean matches(Pkcs11Uri uri) {
        return token.matches(uri) && uri.matchesKey(ckaId, label);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyDescriptor that
                && token.equals(that.token)
                && fingerprint.equals(that.fingerprint)
                && Arrays.equals(ckaId, that.ckaId)
                && label.equals(that.label);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "KeyDescriptor[" + fingerprint + ", " + type + ", " + label + ", id "
                + HexFormat.of().formatHex(ckaId) + "]";
    }
}
