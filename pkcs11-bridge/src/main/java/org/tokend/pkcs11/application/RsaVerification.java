package org.tokend.pkcs11.application;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.operation.RsaPadding;

/** RSA signatures over digests (RFC 8017 §8.1.2 and §8.2.2); the JDK verifies them over messages only. */
final class RsaVerification {
    private static final int TRAILER = 0xbc;

    private RsaVerification() {}

    /** @param data the digest where the scheme hashes, else what was signed in its place */
    static boolean pkcs1(RSAPublicKey key, SignatureScheme scheme, byte[] data, byte[] signature)
            throws CryptokiException {
        byte[] block = opened(key, signature);
        byte[] signed = scheme.hashes() ? Hashes.digestInfo(scheme.hash(), data) : data;
        if (signed.length > block.length - RsaPadding.PKCS1_OVERHEAD) {
            throw Refusal.of(CKR.DATA_LEN_RANGE);
        }
        return MessageDigest.isEqual(block, RsaPadding.emsaPkcs1(signed, block.length));
    }

    /** EMSA-PSS-VERIFY (§9.1.2). */
    static boolean pss(RSAPublicKey key, SignatureScheme scheme, byte[] digest, byte[] signature)
            throws CryptokiException {
        int hash = Hashes.length(scheme.hash());
        if (digest.length != hash) {
            throw Refusal.of(CKR.DATA_LEN_RANGE);
        }
        byte[] opened = opened(key, signature);
        int bits = key.getModulus().bitLength() - 1;
        int length = (bits + 7) / 8;
        if (length < opened.length && opened[0] != 0) {
            return false;
        }
        byte[] block = Arrays.copyOfRange(opened, opened.length - length, opened.length);
        long zeros = (long) length - hash - scheme.saltLength() - 2;
        if (scheme.saltLength() < 0 || zeros < 0 || (block[length - 1] & 0xff) != TRAILER) {
            return false;
        }
        byte[] masked = Arrays.copyOf(block, length - hash - 1);
        byte[] seed = Arrays.copyOfRange(block, length - hash - 1, length - 1);
        int unused = 8 * length - bits;
        return (masked[0] & 0xff) >> (8 - unused) == 0
                && MessageDigest.isEqual(
                        seed, hashOf(scheme, digest, unmasked(scheme, masked, seed, unused), (int) zeros));
    }

    private static byte[] unmasked(SignatureScheme scheme, byte[] masked, byte[] seed, int unused) {
        byte[] mask = RsaPadding.mgf1(scheme.hash(), seed, masked.length);
        byte[] data = new byte[masked.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (masked[i] ^ mask[i]);
        }
        data[0] &= (byte) (0xff >> unused);
        return data;
    }

    /** Empty when what stands before the salt is not as it must be. */
    private static byte[] hashOf(SignatureScheme scheme, byte[] digest, byte[] data, int zeros) {
        for (int i = 0; i < zeros; i++) {
            if (data[i] != 0) {
                return new byte[0];
            }
        }
        if (data[zeros] != 1) {
            return new byte[0];
        }
        MessageDigest hash = Hashes.start(scheme.hash());
        hash.update(new byte[8]);
        hash.update(digest);
        hash.update(data, zeros + 1, data.length - zeros - 1);
        return hash.digest();
    }

    private static byte[] opened(RSAPublicKey key, byte[] signature) throws CryptokiException {
        int length = (key.getModulus().bitLength() + 7) / 8;
        BigInteger number = new BigInteger(1, signature);
        if (signature.length != length) {
            throw Refusal.of(CKR.SIGNATURE_LEN_RANGE);
        }
        if (number.compareTo(key.getModulus()) >= 0) {
            throw Refusal.of(CKR.SIGNATURE_INVALID);
        }
        byte[] opened = number.modPow(key.getPublicExponent(), key.getModulus()).toByteArray();
        byte[] block = new byte[length];
        int sign = opened.length > length ? 1 : 0;
        System.arraycopy(opened, sign, block, length - (opened.length - sign), opened.length - sign);
        return block;
    }
}
