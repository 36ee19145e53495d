package org.tokend.pkcs11.application;

import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/**
 * What a signature mechanism and its parameter ask for.
 *
 * @param hashes whether the data are a message that is hashed here, not what the scheme signs
 * @param hash JCA name, of the message or within PSS; empty where neither is
 * @param saltLength of PSS
 */
record SignatureScheme(Family family, boolean hashes, String hash, long saltLength) {
    /** Of CKM_EDDSA, which hashes on the token; the token's own limit. */
    private static final int LONGEST_MESSAGE = 64 * 1024;

    /** Longer than any hash, and than any RSA key. */
    private static final int LONGEST_BLOCK = 2048;

    enum Family {
        PKCS1,
        PSS,
        ECDSA,
        EDDSA
    }

    static SignatureScheme of(Mechanism mechanism) throws CryptokiException {
        SignatureScheme scheme = ofType(mechanism.type());
        if (scheme.family == Family.PSS) {
            return withParameter(scheme, mechanism.parameter());
        }
        if (!hasNoParameter(mechanism)) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        return scheme;
    }

    static boolean hasNoParameter(Mechanism mechanism) {
        return switch (mechanism.parameter()) {
            case Mechanism.None none -> true;
            case Mechanism.Bytes bytes -> bytes.value().length == 0;
            default -> false;
        };
    }

    private static SignatureScheme ofType(long type) throws CryptokiException {
        return switch ((int) type) {
            case (int) CKM.RSA_PKCS -> new SignatureScheme(Family.PKCS1, false, "", 0);
            case (int) CKM.SHA1_RSA_PKCS -> message(Family.PKCS1, "SHA-1");
            case (int) CKM.SHA224_RSA_PKCS -> message(Family.PKCS1, "SHA-224");
            case (int) CKM.SHA256_RSA_PKCS -> message(Family.PKCS1, "SHA-256");
            case (int) CKM.SHA384_RSA_PKCS -> message(Family.PKCS1, "SHA-384");
            case (int) CKM.SHA512_RSA_PKCS -> message(Family.PKCS1, "SHA-512");
            case (int) CKM.RSA_PKCS_PSS -> new SignatureScheme(Family.PSS, false, "", 0);
            case (int) CKM.SHA1_RSA_PKCS_PSS -> message(Family.PSS, "SHA-1");
            case (int) CKM.SHA224_RSA_PKCS_PSS -> message(Family.PSS, "SHA-224");
            case (int) CKM.SHA256_RSA_PKCS_PSS -> message(Family.PSS, "SHA-256");
            case (int) CKM.SHA384_RSA_PKCS_PSS -> message(Family.PSS, "SHA-384");
            case (int) CKM.SHA512_RSA_PKCS_PSS -> message(Family.PSS, "SHA-512");
            case (int) CKM.ECDSA -> new SignatureScheme(Family.ECDSA, false, "", 0);
            case (int) CKM.ECDSA_SHA1 -> message(Family.ECDSA, "SHA-1");
            case (int) CKM.ECDSA_SHA224 -> message(Family.ECDSA, "SHA-224");
            case (int) CKM.ECDSA_SHA256 -> message(Family.ECDSA, "SHA-256");
            case (int) CKM.ECDSA_SHA384 -> message(Family.ECDSA, "SHA-384");
            case (int) CKM.ECDSA_SHA512 -> message(Family.ECDSA, "SHA-512");
            case (int) CKM.EDDSA -> new SignatureScheme(Family.EDDSA, false, "", 0);
            default -> throw Refusal.of(CKR.MECHANISM_INVALID);
        };
    }

    private static SignatureScheme message(Family family, String hash) {
        return new SignatureScheme(family, true, hash, 0);
    }

    /** The mask is made with the same hash; a mechanism that names a hash takes no other. */
    private static SignatureScheme withParameter(SignatureScheme scheme, Mechanism.Parameter parameter)
            throws CryptokiException {
        if (!(parameter instanceof Mechanism.Pss pss)) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        String hash = Hashes.named(pss.hash());
        if (hash == null || !hash.equals(Hashes.ofMask(pss.mgf())) || scheme.hashes && !scheme.hash.equals(hash)) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        return new SignatureScheme(Family.PSS, scheme.hashes, hash, pss.saltLength());
    }

    /** What takes in the data of one operation. */
    Intake intake(Quota quota) {
        if (hashes) {
            return new Intake.Hashed(Hashes.start(hash));
        }
        return new Intake.Kept(family == Family.EDDSA ? LONGEST_MESSAGE : LONGEST_BLOCK, CKR.DATA_LEN_RANGE, quota);
    }
}
