package org.tokend.protocol;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key pair on a token as programs and people see it.
 *
 * @param fingerprint {@code sha256:} and the hex of SHA-256 over the SubjectPublicKeyInfo: the key's identity
 * @param uri RFC 7512 URI with token, serial, id and object; not always unique
 * @param token URI of the token
 * @param ckaId CKA_ID, lower-case hex, may be empty
 * @param type {@code RSA}, {@code EC} or {@code Ed25519}
 * @param curve {@code P-256}, {@code P-384}, {@code P-521}, or null
 * @param publicKey SubjectPublicKeyInfo, DER
 * @param certificates X.509, DER, those that carry this public key
 * @param issuers X.509, DER: certificates on the same token that lead up from them, the nearest first
 * @param algorithms what the key may be asked for
 * @param asksEachTime CKA_ALWAYS_AUTHENTICATE: each use needs the PIN
 * @param problem one sentence why the key cannot be used, or null
 */
public record KeyDescription(
        String fingerprint,
        String uri,
        String token,
        String label,
        String ckaId,
        String type,
        int bits,
        @Nullable String curve,
        byte[] publicKey,
        List<byte[]> certificates,
        List<byte[]> issuers,
        Set<Algorithm> algorithms,
        boolean asksEachTime,
        @Nullable String problem) {}
