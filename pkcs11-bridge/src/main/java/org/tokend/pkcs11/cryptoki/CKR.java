package org.tokend.pkcs11.cryptoki;

/** Return values (PKCS#11 v3.1 §5.1). */
public final class CKR {
    public static final long OK = 0L;
    public static final long CANCEL = 1L;
    public static final long HOST_MEMORY = 2L;
    public static final long SLOT_ID_INVALID = 3L;
    public static final long GENERAL_ERROR = 5L;
    public static final long FUNCTION_FAILED = 6L;
    public static final long ARGUMENTS_BAD = 7L;
    public static final long NO_EVENT = 8L;
    public static final long NEED_TO_CREATE_THREADS = 9L;
    public static final long CANT_LOCK = 0xaL;
    public static final long ATTRIBUTE_READ_ONLY = 0x10L;
    public static final long ATTRIBUTE_SENSITIVE = 0x11L;
    public static final long ATTRIBUTE_TYPE_INVALID = 0x12L;
    public static final long ATTRIBUTE_VALUE_INVALID = 0x13L;
    public static final long ACTION_PROHIBITED = 0x1bL;
    public static final long DATA_INVALID = 0x20L;
    public static final long DATA_LEN_RANGE = 0x21L;
    public static final long DEVICE_ERROR = 0x30L;
    public static final long DEVICE_MEMORY = 0x31L;
    public static final long DEVICE_REMOVED = 0x32L;
    public static final long ENCRYPTED_DATA_INVALID = 0x40L;
    public static final long ENCRYPTED_DATA_LEN_RANGE = 0x41L;
    public static final long AEAD_DECRYPT_FAILED = 0x42L;
    public static final long FUNCTION_CANCELED = 0x50L;
    public static final long FUNCTION_NOT_PARALLEL = 0x51L;
    public static final long FUNCTION_NOT_SUPPORTED = 0x54L;
    public static final long KEY_HANDLE_INVALID = 0x60L;
    public static final long KEY_SIZE_RANGE = 0x62L;
    public static final long KEY_TYPE_INCONSISTENT = 0x63L;
    public static final long KEY_NOT_NEEDED = 0x64L;
    public static final long KEY_CHANGED = 0x65L;
    public static final long KEY_NEEDED = 0x66L;
    public static final long KEY_INDIGESTIBLE = 0x67L;
    public static final long KEY_FUNCTION_NOT_PERMITTED = 0x68L;
    public static final long KEY_NOT_WRAPPABLE = 0x69L;
    public static final long KEY_UNEXTRACTABLE = 0x6aL;
    public static final long MECHANISM_INVALID = 0x70L;
    public static final long MECHANISM_PARAM_INVALID = 0x71L;
    public static final long OBJECT_HANDLE_INVALID = 0x82L;
    public static final long OPERATION_ACTIVE = 0x90L;
    public static final long OPERATION_NOT_INITIALIZED = 0x91L;
    public static final long PIN_INCORRECT = 0xa0L;
    public static final long PIN_INVALID = 0xa1L;
    public static final long PIN_LEN_RANGE = 0xa2L;
    public static final long PIN_EXPIRED = 0xa3L;
    public static final long PIN_LOCKED = 0xa4L;
    public static final long SESSION_CLOSED = 0xb0L;
    public static final long SESSION_COUNT = 0xb1L;
    public static final long SESSION_HANDLE_INVALID = 0xb3L;
    public static final long SESSION_PARALLEL_NOT_SUPPORTED = 0xb4L;
    public static final long SESSION_READ_ONLY = 0xb5L;
    public static final long SESSION_EXISTS = 0xb6L;
    public static final long SESSION_READ_ONLY_EXISTS = 0xb7L;
    public static final long SESSION_READ_WRITE_SO_EXISTS = 0xb8L;
    public static final long SIGNATURE_INVALID = 0xc0L;
    public static final long SIGNATURE_LEN_RANGE = 0xc1L;
    public static final long TEMPLATE_INCOMPLETE = 0xd0L;
    public static final long TEMPLATE_INCONSISTENT = 0xd1L;
    public static final long TOKEN_NOT_PRESENT = 0xe0L;
    public static final long TOKEN_NOT_RECOGNIZED = 0xe1L;
    public static final long TOKEN_WRITE_PROTECTED = 0xe2L;
    public static final long UNWRAPPING_KEY_HANDLE_INVALID = 0xf0L;
    public static final long UNWRAPPING_KEY_SIZE_RANGE = 0xf1L;
    public static final long UNWRAPPING_KEY_TYPE_INCONSISTENT = 0xf2L;
    public static final long USER_ALREADY_LOGGED_IN = 0x100L;
    public static final long USER_NOT_LOGGED_IN = 0x101L;
    public static final long USER_PIN_NOT_INITIALIZED = 0x102L;
    public static final long USER_TYPE_INVALID = 0x103L;
    public static final long USER_ANOTHER_ALREADY_LOGGED_IN = 0x104L;
    public static final long USER_TOO_MANY_TYPES = 0x105L;
    public static final long WRAPPED_KEY_INVALID = 0x110L;
    public static final long WRAPPED_KEY_LEN_RANGE = 0x112L;
    public static final long WRAPPING_KEY_HANDLE_INVALID = 0x113L;
    public static final long WRAPPING_KEY_SIZE_RANGE = 0x114L;
    public static final long WRAPPING_KEY_TYPE_INCONSISTENT = 0x115L;
    public static final long RANDOM_SEED_NOT_SUPPORTED = 0x120L;
    public static final long RANDOM_NO_RNG = 0x121L;
    public static final long DOMAIN_PARAMS_INVALID = 0x130L;
    public static final long CURVE_NOT_SUPPORTED = 0x140L;
    public static final long BUFFER_TOO_SMALL = 0x150L;
    public static final long SAVED_STATE_INVALID = 0x160L;
    public static final long INFORMATION_SENSITIVE = 0x170L;
    public static final long STATE_UNSAVEABLE = 0x180L;
    public static final long CRYPTOKI_NOT_INITIALIZED = 0x190L;
    public static final long CRYPTOKI_ALREADY_INITIALIZED = 0x191L;
    public static final long MUTEX_BAD = 0x1a0L;
    public static final long MUTEX_NOT_LOCKED = 0x1a1L;
    public static final long NEW_PIN_MODE = 0x1b0L;
    public static final long NEXT_OTP = 0x1b1L;
    public static final long EXCEEDED_MAX_ITERATIONS = 0x1b5L;
    public static final long FIPS_SELF_TEST_FAILED = 0x1b6L;
    public static final long LIBRARY_LOAD_FAILED = 0x1b7L;
    public static final long PIN_TOO_WEAK = 0x1b8L;
    public static final long PUBLIC_KEY_INVALID = 0x1b9L;
    public static final long FUNCTION_REJECTED = 0x200L;
    public static final long TOKEN_RESOURCE_EXCEEDED = 0x201L;
    public static final long OPERATION_CANCEL_FAILED = 0x202L;

    private CKR() {}

    /** The name in the specification, or the number in hex for one that has none. */
    public static String nameOf(long value) {
        return NAMES.getOrDefault(value, "CKR_" + "0x" + Long.toHexString(value));
    }

    private static final java.util.Map<Long, String> NAMES = java.util.Map.ofEntries(
            java.util.Map.entry(OK, "CKR_OK"),
            java.util.Map.entry(CANCEL, "CKR_CANCEL"),
            java.util.Map.entry(HOST_MEMORY, "CKR_HOST_MEMORY"),
            java.util.Map.entry(SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID"),
            java.util.Map.entry(GENERAL_ERROR, "CKR_GENERAL_ERROR"),
            java.util.Map.entry(FUNCTION_FAILED, "CKR_FUNCTION_FAILED"),
            java.util.Map.entry(ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD"),
            java.util.Map.entry(NO_EVENT, "CKR_NO_EVENT"),
            java.util.Map.entry(NEED_TO_CREATE_THREADS, "CKR_NEED_TO_CREATE_THREADS"),
            java.util.Map.entry(CANT_LOCK, "CKR_CANT_LOCK"),
            java.util.Map.entry(ATTRIBUTE_READ_ONLY, "CKR_ATTRIBUTE_READ_ONLY"),
            java.util.Map.entry(ATTRIBUTE_SENSITIVE, "CKR_ATTRIBUTE_SENSITIVE"),
            java.util.Map.entry(ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID"),
            java.util.Map.entry(ATTRIBUTE_VALUE_INVALID, "CKR_ATTRIBUTE_VALUE_INVALID"),
            java.util.Map.entry(ACTION_PROHIBITED, "CKR_ACTION_PROHIBITED"),
            java.util.Map.entry(DATA_INVALID, "CKR_DATA_INVALID"),
            java.util.Map.entry(DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE"),
            java.util.Map.entry(DEVICE_ERROR, "CKR_DEVICE_ERROR"),
            java.util.Map.entry(DEVICE_MEMORY, "CKR_DEVICE_MEMORY"),
            java.util.Map.entry(DEVICE_REMOVED, "CKR_DEVICE_REMOVED"),
            java.util.Map.entry(ENCRYPTED_DATA_INVALID, "CKR_ENCRYPTED_DATA_INVALID"),
            java.util.Map.entry(ENCRYPTED_DATA_LEN_RANGE, "CKR_ENCRYPTED_DATA_LEN_RANGE"),
            java.util.Map.entry(AEAD_DECRYPT_FAILED, "CKR_AEAD_DECRYPT_FAILED"),
            java.util.Map.entry(FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED"),
            java.util.Map.entry(FUNCTION_NOT_PARALLEL, "CKR_FUNCTION_NOT_PARALLEL"),
            java.util.Map.entry(FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED"),
            java.util.Map.entry(KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID"),
            java.util.Map.entry(KEY_SIZE_RANGE, "CKR_KEY_SIZE_RANGE"),
            java.util.Map.entry(KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT"),
            java.util.Map.entry(KEY_NOT_NEEDED, "CKR_KEY_NOT_NEEDED"),
            java.util.Map.entry(KEY_CHANGED, "CKR_KEY_CHANGED"),
            java.util.Map.entry(KEY_NEEDED, "CKR_KEY_NEEDED"),
            java.util.Map.entry(KEY_INDIGESTIBLE, "CKR_KEY_INDIGESTIBLE"),
            java.util.Map.entry(KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED"),
            java.util.Map.entry(KEY_NOT_WRAPPABLE, "CKR_KEY_NOT_WRAPPABLE"),
            java.util.Map.entry(KEY_UNEXTRACTABLE, "CKR_KEY_UNEXTRACTABLE"),
            java.util.Map.entry(MECHANISM_INVALID, "CKR_MECHANISM_INVALID"),
            java.util.Map.entry(MECHANISM_PARAM_INVALID, "CKR_MECHANISM_PARAM_INVALID"),
            java.util.Map.entry(OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID"),
            java.util.Map.entry(OPERATION_ACTIVE, "CKR_OPERATION_ACTIVE"),
            java.util.Map.entry(OPERATION_NOT_INITIALIZED, "CKR_OPERATION_NOT_INITIALIZED"),
            java.util.Map.entry(PIN_INCORRECT, "CKR_PIN_INCORRECT"),
            java.util.Map.entry(PIN_INVALID, "CKR_PIN_INVALID"),
            java.util.Map.entry(PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE"),
            java.util.Map.entry(PIN_EXPIRED, "CKR_PIN_EXPIRED"),
            java.util.Map.entry(PIN_LOCKED, "CKR_PIN_LOCKED"),
            java.util.Map.entry(SESSION_CLOSED, "CKR_SESSION_CLOSED"),
            java.util.Map.entry(SESSION_COUNT, "CKR_SESSION_COUNT"),
            java.util.Map.entry(SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID"),
            java.util.Map.entry(SESSION_PARALLEL_NOT_SUPPORTED, "CKR_SESSION_PARALLEL_NOT_SUPPORTED"),
            java.util.Map.entry(SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY"),
            java.util.Map.entry(SESSION_EXISTS, "CKR_SESSION_EXISTS"),
            java.util.Map.entry(SESSION_READ_ONLY_EXISTS, "CKR_SESSION_READ_ONLY_EXISTS"),
            java.util.Map.entry(SESSION_READ_WRITE_SO_EXISTS, "CKR_SESSION_READ_WRITE_SO_EXISTS"),
            java.util.Map.entry(SIGNATURE_INVALID, "CKR_SIGNATURE_INVALID"),
            java.util.Map.entry(SIGNATURE_LEN_RANGE, "CKR_SIGNATURE_LEN_RANGE"),
            java.util.Map.entry(TEMPLATE_INCOMPLETE, "CKR_TEMPLATE_INCOMPLETE"),
            java.util.Map.entry(TEMPLATE_INCONSISTENT, "CKR_TEMPLATE_INCONSISTENT"),
            java.util.Map.entry(TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT"),
            java.util.Map.entry(TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED"),
            java.util.Map.entry(TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED"),
            java.util.Map.entry(UNWRAPPING_KEY_HANDLE_INVALID, "CKR_UNWRAPPING_KEY_HANDLE_INVALID"),
            java.util.Map.entry(UNWRAPPING_KEY_SIZE_RANGE, "CKR_UNWRAPPING_KEY_SIZE_RANGE"),
            java.util.Map.entry(UNWRAPPING_KEY_TYPE_INCONSISTENT, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT"),
            java.util.Map.entry(USER_ALREADY_LOGGED_IN, "CKR_USER_ALREADY_LOGGED_IN"),
            java.util.Map.entry(USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN"),
            java.util.Map.entry(USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED"),
            java.util.Map.entry(USER_TYPE_INVALID, "CKR_USER_TYPE_INVALID"),
            java.util.Map.entry(USER_ANOTHER_ALREADY_LOGGED_IN, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN"),
            java.util.Map.entry(USER_TOO_MANY_TYPES, "CKR_USER_TOO_MANY_TYPES"),
            java.util.Map.entry(WRAPPED_KEY_INVALID, "CKR_WRAPPED_KEY_INVALID"),
            java.util.Map.entry(WRAPPED_KEY_LEN_RANGE, "CKR_WRAPPED_KEY_LEN_RANGE"),
            java.util.Map.entry(WRAPPING_KEY_HANDLE_INVALID, "CKR_WRAPPING_KEY_HANDLE_INVALID"),
            java.util.Map.entry(WRAPPING_KEY_SIZE_RANGE, "CKR_WRAPPING_KEY_SIZE_RANGE"),
            java.util.Map.entry(WRAPPING_KEY_TYPE_INCONSISTENT, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT"),
            java.util.Map.entry(RANDOM_SEED_NOT_SUPPORTED, "CKR_RANDOM_SEED_NOT_SUPPORTED"),
            java.util.Map.entry(RANDOM_NO_RNG, "CKR_RANDOM_NO_RNG"),
            java.util.Map.entry(DOMAIN_PARAMS_INVALID, "CKR_DOMAIN_PARAMS_INVALID"),
            java.util.Map.entry(CURVE_NOT_SUPPORTED, "CKR_CURVE_NOT_SUPPORTED"),
            java.util.Map.entry(BUFFER_TOO_SMALL, "CKR_BUFFER_TOO_SMALL"),
            java.util.Map.entry(SAVED_STATE_INVALID, "CKR_SAVED_STATE_INVALID"),
            java.util.Map.entry(INFORMATION_SENSITIVE, "CKR_INFORMATION_SENSITIVE"),
            java.util.Map.entry(STATE_UNSAVEABLE, "CKR_STATE_UNSAVEABLE"),
            java.util.Map.entry(CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED"),
            java.util.Map.entry(CRYPTOKI_ALREADY_INITIALIZED, "CKR_CRYPTOKI_ALREADY_INITIALIZED"),
            java.util.Map.entry(MUTEX_BAD, "CKR_MUTEX_BAD"),
            java.util.Map.entry(MUTEX_NOT_LOCKED, "CKR_MUTEX_NOT_LOCKED"),
            java.util.Map.entry(NEW_PIN_MODE, "CKR_NEW_PIN_MODE"),
            java.util.Map.entry(NEXT_OTP, "CKR_NEXT_OTP"),
            java.util.Map.entry(EXCEEDED_MAX_ITERATIONS, "CKR_EXCEEDED_MAX_ITERATIONS"),
            java.util.Map.entry(FIPS_SELF_TEST_FAILED, "CKR_FIPS_SELF_TEST_FAILED"),
            java.util.Map.entry(LIBRARY_LOAD_FAILED, "CKR_LIBRARY_LOAD_FAILED"),
            java.util.Map.entry(PIN_TOO_WEAK, "CKR_PIN_TOO_WEAK"),
            java.util.Map.entry(PUBLIC_KEY_INVALID, "CKR_PUBLIC_KEY_INVALID"),
            java.util.Map.entry(FUNCTION_REJECTED, "CKR_FUNCTION_REJECTED"),
            java.util.Map.entry(TOKEN_RESOURCE_EXCEEDED, "CKR_TOKEN_RESOURCE_EXCEEDED"),
            java.util.Map.entry(OPERATION_CANCEL_FAILED, "CKR_OPERATION_CANCEL_FAILED"));
}
