package org.tokend.pkcs11.cryptoki;

/** Bounds what a module claims to have for us: PKCS#11 results are small, and a lie about a length must not reach memory. */
final class OutputLimit {
    static final long MAX_BYTES = 16L << 20;

    private OutputLimit() {}

    static long checked(String function, long length) throws CryptokiException {
        if (length < 0 || length > MAX_BYTES) {
            throw new CryptokiException(
                    function,
                    CKR.GENERAL_ERROR,
                    function + " claims a result of " + Long.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    static byte[] checked(String function, byte[] output) throws CryptokiException {
        checked(function, output.length);
        return output;
    }
}
