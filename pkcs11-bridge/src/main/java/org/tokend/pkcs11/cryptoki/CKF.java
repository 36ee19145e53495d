package org.tokend.pkcs11.cryptoki;

/** Flags; which set a flag belongs to follows from its name (PKCS#11 v3.1 §3). */
public final class CKF {
    public static final long TOKEN_PRESENT = 1L;
    public static final long REMOVABLE_DEVICE = 2L;
    public static final long HW_SLOT = 4L;
    public static final long RNG = 1L;
    public static final long WRITE_PROTECTED = 2L;
    public static final long LOGIN_REQUIRED = 4L;
    public static final long USER_PIN_INITIALIZED = 8L;
    public static final long RESTORE_KEY_NOT_NEEDED = 0x20L;
    public static final long CLOCK_ON_TOKEN = 0x40L;
    public static final long PROTECTED_AUTHENTICATION_PATH = 0x100L;
    public static final long DUAL_CRYPTO_OPERATIONS = 0x200L;
    public static final long TOKEN_INITIALIZED = 0x400L;
    public static final long SECONDARY_AUTHENTICATION = 0x800L;
    public static final long USER_PIN_COUNT_LOW = 0x10000L;
    public static final long USER_PIN_FINAL_TRY = 0x20000L;
    public static final long USER_PIN_LOCKED = 0x40000L;
    public static final long USER_PIN_TO_BE_CHANGED = 0x80000L;
    public static final long SO_PIN_COUNT_LOW = 0x100000L;
    public static final long SO_PIN_FINAL_TRY = 0x200000L;
    public static final long SO_PIN_LOCKED = 0x400000L;
    public static final long SO_PIN_TO_BE_CHANGED = 0x800000L;
    public static final long ERROR_STATE = 0x1000000L;
    public static final long RW_SESSION = 2L;
    public static final long SERIAL_SESSION = 4L;
    public static final long HW = 1L;
    public static final long MESSAGE_ENCRYPT = 2L;
    public static final long MESSAGE_DECRYPT = 4L;
    public static final long MESSAGE_SIGN = 8L;
    public static final long MESSAGE_VERIFY = 0x10L;
    public static final long MULTI_MESSAGE = 0x20L;
    public static final long FIND_OBJECTS = 0x40L;
    public static final long ENCRYPT = 0x100L;
    public static final long DECRYPT = 0x200L;
    public static final long DIGEST = 0x400L;
    public static final long SIGN = 0x800L;
    public static final long SIGN_RECOVER = 0x1000L;
    public static final long VERIFY = 0x2000L;
    public static final long VERIFY_RECOVER = 0x4000L;
    public static final long GENERATE = 0x8000L;
    public static final long GENERATE_KEY_PAIR = 0x10000L;
    public static final long WRAP = 0x20000L;
    public static final long UNWRAP = 0x40000L;
    public static final long DERIVE = 0x80000L;
    public static final long EC_F_P = 0x100000L;
    public static final long EC_F_2M = 0x200000L;
    public static final long EC_ECPARAMETERS = 0x400000L;
    public static final long EC_OID = 0x800000L;
    public static final long EC_UNCOMPRESS = 0x1000000L;
    public static final long EC_COMPRESS = 0x2000000L;
    public static final long EC_CURVENAME = 0x4000000L;
    public static final long DONT_BLOCK = 1L;
    public static final long OS_LOCKING_OK = 2L;

    private CKF() {}
}
