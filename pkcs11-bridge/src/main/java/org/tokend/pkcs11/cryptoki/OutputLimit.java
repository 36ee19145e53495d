package org.tokend.pkcs11.cryptoki;

/** Bounds what a module claims to have for us: PKCS#11 results are small, and a lie about a length must not reach memory. */
final class OutputLimit {
    static final long MAX_BYTES = 16L << 20;

    private OutputLimit() {}

    static long check(CFunction function, long length) throws CryptokiException {
        if (length < 0 || length > MAX_BYTES) {
            throw exceeded(function, length);
        }
        return length;
    }

    static CryptokiException exceeded(CFunction function, long length) {
        return new CryptokiException(
                function.cName(),
                CKR.GENERAL_ERROR,
                function.cName() + " claims a result of length " + Long.toUnsignedString(length));
    }
}
