package org.tokend.protocol;

import java.util.List;

/**
 * Puts certificates beside their keys on a token, and the CA certificates above them. Answered by {@link Reply.Keys} with the keys that now have a
 * certificate of these, {@link ErrorCode#KEY_NOT_FOUND} when one of them is no CA's and has no key there, or {@link ErrorCode#KEY_EXISTS} when all of
 * them are there already. All or nothing, but for what the token itself refuses.
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
