package org.tokend.client.jca;

import java.security.InvalidAlgorithmParameterException;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * What goes into the key derivation besides the shared secret: for CMS the DER of ECC-CMS-SharedInfo (RFC 5753 §7.2).
 * {@code KeyAgreement.init} also takes Bouncy Castle's UserKeyingMaterialSpec, which means the same.
 *
 * @param bytes may be empty
 */
public record SharedInfo(byte[] bytes) implements AlgorithmParameterSpec {
    private static final String BOUNCY_CASTLE = "org.bouncycastle.jcajce.spec.UserKeyingMaterialSpec";

    static byte[] of(@Nullable AlgorithmParameterSpec spec) throws InvalidAlgorithmParameterException {
        if (spec == null) {
            return new byte[0];
        }
        if (spec instanceof SharedInfo info) {
            return info.bytes().clone();
        }
        if (spec.getClass().getName().equals(BOUNCY_CASTLE)) {
            try {
                Object bytes =
                        spec.getClass().getMethod("getUserKeyingMaterial").invoke(spec);
                if (bytes instanceof byte[] material) {
                    return material.clone();
                }
            } catch (ReflectiveOperationException e) {
                throw new InvalidAlgorithmParameterException(
                        "This Bouncy Castle is of another kind; use SharedInfo", e);
            }
        }
        throw new InvalidAlgorithmParameterException("Key derivation takes a SharedInfo or a UserKeyingMaterialSpec");
    }
}
