package org.tokend.pkcs11.application;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.operation.RsaPadding;

/**
 * What a mechanism signs, in the words of the gate.
 *
 * @param input as {@code Token.sign} takes it
 */
record SignableData(KeyAlgorithm algorithm, byte[] input) {
    private static final Map<String, KeyAlgorithm> PKCS1 = Map.of(
            "SHA-1", KeyAlgorithm.RSA_PKCS1_SHA1,
            "SHA-256", KeyAlgorithm.RSA_PKCS1_SHA256,
            "SHA-384", KeyAlgorithm.RSA_PKCS1_SHA384,
            "SHA-512", KeyAlgorithm.RSA_PKCS1_SHA512);

    private static final Map<String, KeyAlgorithm> PSS = Map.of(
            "SHA-256", KeyAlgorithm.RSA_PSS_SHA256,
            "SHA-384", KeyAlgorithm.RSA_PSS_SHA384,
            "SHA-512", KeyAlgorithm.RSA_PSS_SHA512);

    /** What of a mechanism's parameter can be checked before there are data. */
    static void check(SignatureScheme scheme, KeyDescriptor key) throws CryptokiException {
        if (scheme.family() == SignatureScheme.Family.PSS) {
            KeyAlgorithm algorithm = PSS.get(scheme.hash());
            if (algorithm == null || scheme.saltLength() != algorithm.digestLength()) {
                throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
            }
            if ((key.bits() - 1 + 7) / 8 < 2 * algorithm.digestLength() + 2) {
                throw Refusal.of(CKR.KEY_SIZE_RANGE);
            }
        }
    }

    /** @param data the digest where the scheme hashes */
    static SignableData of(SignatureScheme scheme, KeyDescriptor key, byte[] data) throws CryptokiException {
        return switch (scheme.family()) {
            case PKCS1 -> scheme.hashes() ? pkcs1Digest(scheme.hash(), key, data) : pkcs1(key, data);
            case PSS -> pss(scheme.hash(), data);
            case ECDSA -> ecdsa(key.type(), data);
            case EDDSA -> new SignableData(KeyAlgorithm.ED25519, data.clone());
        };
    }

    private static SignableData pkcs1Digest(String hash, KeyDescriptor key, byte[] digest) throws CryptokiException {
        KeyAlgorithm algorithm = PKCS1.get(hash);
        return algorithm != null
                ? new SignableData(algorithm, digest.clone())
                : pkcs1(key, Hashes.digestInfo(hash, digest));
    }

    private static SignableData pkcs1(KeyDescriptor key, byte[] data) throws CryptokiException {
        if (data.length > (key.bits() + 7) / 8 - RsaPadding.PKCS1_OVERHEAD) {
            throw Refusal.of(CKR.DATA_LEN_RANGE);
        }
        for (KeyAlgorithm algorithm : PKCS1.values()) {
            byte[] digest = digestIn(algorithm.digest(), data);
            if (digest != null) {
                return new SignableData(algorithm, digest);
            }
        }
        return new SignableData(KeyAlgorithm.RSA_PKCS1_RAW, data.clone());
    }

    /** The digest in exactly this hash's DigestInfo, or null. */
    private static byte @Nullable [] digestIn(String hash, byte[] data) {
        byte[] prefix = Hashes.digestInfoPrefix(hash);
        boolean fits = data.length == prefix.length + Hashes.length(hash)
                && Arrays.equals(data, 0, prefix.length, prefix, 0, prefix.length);
        return fits ? Arrays.copyOfRange(data, prefix.length, data.length) : null;
    }

    private static SignableData pss(String hash, byte[] digest) throws CryptokiException {
        KeyAlgorithm algorithm = PSS.get(hash);
        if (algorithm == null || digest.length != algorithm.digestLength()) {
            throw Refusal.of(CKR.DATA_LEN_RANGE);
        }
        return new SignableData(algorithm, digest.clone());
    }

    /**
     * CKM_ECDSA signs a number of any length, of which the leftmost bits count (FIPS 186-5 §6.4.1); zeros in front do not change it. The
     * curves' algorithms take a digest of one length each, for P-521 shorter than the curve.
     */
    private static SignableData ecdsa(KeyType type, byte[] data) throws CryptokiException {
        KeyAlgorithm algorithm = switch (type) {
            case P256 -> KeyAlgorithm.ECDSA_SHA256;
            case P384 -> KeyAlgorithm.ECDSA_SHA384;
            case P521 -> KeyAlgorithm.ECDSA_SHA512;
            default -> throw Refusal.of(CKR.KEY_TYPE_INCONSISTENT);
        };
        int length = algorithm.digestLength();
        int field = Curve.of(type).orElseThrow().fieldLength();
        if (data.length == 0 || data.length > length && length < field) {
            throw Refusal.of(CKR.DATA_LEN_RANGE);
        }
        byte[] digest = new byte[length];
        int taken = Math.min(length, data.length);
        System.arraycopy(data, 0, digest, length - taken, taken);
        return new SignableData(algorithm, digest);
    }

    @Override
    public String toString() {
        return "SignableData[" + algorithm + ", " + input.length + " bytes]";
    }
}
