package org.tokend.pkcs11;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The identity of a key: SHA-256 over its SubjectPublicKeyInfo.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record KeyFingerprint(String hex) {

    /** @param subjectPublicKeyInfo DER */
    public static KeyFingerprint of(byte[] subjectPublicKeyInfo) {
        try {
            return new KeyFingerprint(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(subjectPublicKeyInfo)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@code sha256:} and the digits, as programs name keys. */
    @Override
    public String toString() {
        return "sha256:" + hex;
    }
}
