package org.tokend.pkcs11.cryptoki;

import iaik.pkcs.pkcs11.wrapper.CK_ECDH1_DERIVE_PARAMS;
import iaik.pkcs.pkcs11.wrapper.CK_GCM_PARAMS;
import iaik.pkcs.pkcs11.wrapper.CK_MECHANISM;
import iaik.pkcs.pkcs11.wrapper.CK_RSA_PKCS_OAEP_PARAMS;
import iaik.pkcs.pkcs11.wrapper.CK_RSA_PKCS_PSS_PARAMS;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** A mechanism in the classes of ipkcs11wrapper. */
final class IaikMechanism {
    private IaikMechanism() {}

    static CK_MECHANISM of(Mechanism mechanism, Arena arena) throws CryptokiException {
        CK_MECHANISM raw = new CK_MECHANISM();
        raw.mechanism = mechanism.type();
        raw.pParameter = parameter(mechanism.parameter(), arena);
        return raw;
    }

    private static @Nullable Object parameter(Mechanism.Parameter parameter, Arena arena) throws CryptokiException {
        return switch (parameter) {
            case Mechanism.Pss pss -> pss(pss);
            case Mechanism.Oaep oaep -> oaep(oaep);
            case Mechanism.Ecdh1 ecdh -> ecdh(ecdh);
            case Mechanism.Gcm gcm -> gcm(gcm);
            case Mechanism.None none -> null;
            case Mechanism.Bytes bytes -> bytes.value();
            case Mechanism.Number number -> MechanismParameters.encode(number, arena);
            case Mechanism.Counter counter -> MechanismParameters.encode(counter, arena);
        };
    }

    private static CK_RSA_PKCS_PSS_PARAMS pss(Mechanism.Pss pss) {
        CK_RSA_PKCS_PSS_PARAMS raw = new CK_RSA_PKCS_PSS_PARAMS();
        raw.hashAlg = pss.hash();
        raw.mgf = pss.mgf();
        raw.sLen = pss.saltLength();
        return raw;
    }

    private static CK_RSA_PKCS_OAEP_PARAMS oaep(Mechanism.Oaep oaep) {
        CK_RSA_PKCS_OAEP_PARAMS raw = new CK_RSA_PKCS_OAEP_PARAMS();
        raw.hashAlg = oaep.hash();
        raw.mgf = oaep.mgf();
        raw.source = MechanismParameters.DATA_SPECIFIED;
        // Some modules refuse a pointer to no bytes.
        raw.pSourceData = orNull(oaep.label());
        return raw;
    }

    private static CK_ECDH1_DERIVE_PARAMS ecdh(Mechanism.Ecdh1 ecdh) {
        CK_ECDH1_DERIVE_PARAMS raw = new CK_ECDH1_DERIVE_PARAMS();
        raw.kdf = ecdh.kdf();
        raw.pSharedData = orNull(ecdh.sharedData());
        raw.pPublicData = ecdh.publicData();
        return raw;
    }

    /** The wrapper sets ulIvBits from the IV. */
    private static CK_GCM_PARAMS gcm(Mechanism.Gcm gcm) {
        CK_GCM_PARAMS raw = new CK_GCM_PARAMS();
        raw.pIv = gcm.iv();
        raw.pAAD = orNull(gcm.additionalData());
        raw.ulTagBits = gcm.tagBits();
        return raw;
    }

    static byte @Nullable [] orNull(byte[] bytes) {
        return bytes.length == 0 ? null : bytes;
    }
}
