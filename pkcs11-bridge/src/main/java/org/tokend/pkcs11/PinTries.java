package org.tokend.pkcs11;

/** What the token's flags say of the user PIN's tries. Flags lie on many tokens, so the daemon keeps its own count as well. */
public enum PinTries {
    /** No flag is set: all tries left, or the token does not tell. */
    UNKNOWN,
    /** CKF_USER_PIN_COUNT_LOW: at least one wrong try since the last right one. */
    LOW,
    /** CKF_USER_PIN_FINAL_TRY. */
    FINAL,
    /** CKF_USER_PIN_LOCKED. */
    LOCKED
}
