package org.tokend.protocol;

import java.util.List;

/**
 * Puts certificates beside their keys on a token, and the CA certificates above them. Answered by {@link Reply.Keys} with the keys that now have a
 * certificate of these, or {@link ErrorCode#KEY_NOT_FOUND} when none of them has.
 *
 * @param token {@code pkcs11:} URI
 * @param certificates X.509, DER
 */
public record ImportCertificates(String token, List<byte[]> certificates) implements ProvisionRequest {
    @Override
    public String method() {
        return "org.tokend.Token.ImportCertificates";
    }
}
