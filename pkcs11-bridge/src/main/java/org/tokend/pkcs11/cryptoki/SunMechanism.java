package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import sun.security.pkcs11.wrapper.CK_ECDH1_DERIVE_PARAMS;
import sun.security.pkcs11.wrapper.CK_GCM_PARAMS;
import sun.security.pkcs11.wrapper.CK_MECHANISM;

/**
 * A mechanism in the classes of SunPKCS11. Parameters that it has no class for, or one that only its own package can make,
 * go as the bytes of the C structure; those whose inner pointers it frees itself must be its own.
 */
final class SunMechanism {
    private SunMechanism() {}

    static CK_MECHANISM of(Mechanism mechanism, Arena arena) throws CryptokiException {
        if (mechanism.parameter() instanceof Mechanism.Ecdh1 ecdh) {
            byte[] sharedData = IaikMechanism.orNull(ecdh.sharedData());
            return new CK_MECHANISM(
                    mechanism.type(), new CK_ECDH1_DERIVE_PARAMS(ecdh.kdf(), sharedData, ecdh.publicData()));
        }
        if (mechanism.parameter() instanceof Mechanism.Gcm gcm) {
            byte[] additionalData = IaikMechanism.orNull(gcm.additionalData());
            return new CK_MECHANISM(
                    mechanism.type(), new CK_GCM_PARAMS(Math.toIntExact(gcm.tagBits()), gcm.iv(), additionalData));
        }
        byte[] parameter = MechanismParameters.encode(mechanism.parameter(), arena);
        return parameter == null ? new CK_MECHANISM(mechanism.type()) : new CK_MECHANISM(mechanism.type(), parameter);
    }
}
