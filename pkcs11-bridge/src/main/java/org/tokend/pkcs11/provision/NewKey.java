package org.tokend.pkcs11.provision;

import org.tokend.pkcs11.KeyType;

/**
 * A key pair that is wanted on a token.
 *
 * @param bits of the modulus for RSA, ignored elsewhere
 * @param label CKA_LABEL
 * @param extractable whether it may leave the token again, encrypted
 */
public record NewKey(KeyType type, int bits, String label, boolean extractable) {}
