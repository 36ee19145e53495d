package org.tokend.pkcs11.operation;

import java.util.Set;

/**
 * What is known of a model beyond what it says itself.
 *
 * @param rawOaep take OAEP off in software even where the token has it
 * @param nativePkcs1 leave the PKCS#1 v1.5 padding of decryption to the token even where it can do raw RSA
 * @param wrappedPoint the peer's point of an ECDH goes in an OCTET STRING
 * @param maxSessions 0 for what the token says
 * @param readWriteSessions read-only sessions do not work
 * @param without mechanisms that the token lists but cannot do
 */
public record Quirks(
        boolean rawOaep,
        boolean nativePkcs1,
        boolean wrappedPoint,
        int maxSessions,
        boolean readWriteSessions,
        Set<Long> without) {
    public static final Quirks NONE = new Quirks(false, false, false, 0, false, Set.of());
}
