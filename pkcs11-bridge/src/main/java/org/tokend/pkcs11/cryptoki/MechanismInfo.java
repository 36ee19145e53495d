package org.tokend.pkcs11.cryptoki;

/** A CK_MECHANISM_INFO. */
public record MechanismInfo(long minKeySize, long maxKeySize, long flags) {}
