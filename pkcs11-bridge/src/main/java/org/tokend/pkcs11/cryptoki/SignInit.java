package org.tokend.pkcs11.cryptoki;

/** What C_SignInit is called with besides the session (PKCS#11 v3.1 §5.13.1). */
public record SignInit(Mechanism mechanism, long key) {}
