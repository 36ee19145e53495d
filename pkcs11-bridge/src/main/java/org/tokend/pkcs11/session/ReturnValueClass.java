package org.tokend.pkcs11.session;

import java.util.Set;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** What a return value means for the token. Modules announce a removal by almost anything, so what is not known means it. */
public enum ReturnValueClass {
    /** The token did not like what was asked. It is well. */
    OURS,
    /** About the login or the person. */
    USER,
    /** Nothing is certain any more: the generation ends. */
    TOKEN_GONE;

    private static final Set<Long> ASKED_WRONGLY = Set.of(
            CKR.ARGUMENTS_BAD,
            CKR.ATTRIBUTE_READ_ONLY,
            CKR.ATTRIBUTE_SENSITIVE,
            CKR.ATTRIBUTE_TYPE_INVALID,
            CKR.ATTRIBUTE_VALUE_INVALID,
            CKR.ACTION_PROHIBITED,
            CKR.DATA_INVALID,
            CKR.DATA_LEN_RANGE,
            CKR.ENCRYPTED_DATA_INVALID,
            CKR.ENCRYPTED_DATA_LEN_RANGE,
            CKR.FUNCTION_NOT_SUPPORTED,
            CKR.KEY_SIZE_RANGE,
            CKR.KEY_TYPE_INCONSISTENT,
            CKR.KEY_FUNCTION_NOT_PERMITTED,
            CKR.KEY_NOT_WRAPPABLE,
            CKR.KEY_UNEXTRACTABLE,
            CKR.MECHANISM_INVALID,
            CKR.MECHANISM_PARAM_INVALID,
            CKR.RANDOM_NO_RNG,
            CKR.RANDOM_SEED_NOT_SUPPORTED,
            CKR.SESSION_COUNT,
            CKR.SESSION_READ_ONLY,
            CKR.TEMPLATE_INCOMPLETE,
            CKR.TEMPLATE_INCONSISTENT,
            CKR.DOMAIN_PARAMS_INVALID,
            CKR.CURVE_NOT_SUPPORTED,
            CKR.PUBLIC_KEY_INVALID,
            CKR.TOKEN_WRITE_PROTECTED,
            CKR.UNWRAPPING_KEY_SIZE_RANGE,
            CKR.UNWRAPPING_KEY_TYPE_INCONSISTENT,
            CKR.WRAPPED_KEY_INVALID,
            CKR.WRAPPED_KEY_LEN_RANGE,
            CKR.WRAPPING_KEY_SIZE_RANGE,
            CKR.WRAPPING_KEY_TYPE_INCONSISTENT);

    private static final Set<Long> ABOUT_THE_USER =
            Set.of(CKR.CANCEL, CKR.FUNCTION_CANCELED, CKR.FUNCTION_REJECTED, CKR.USER_NOT_LOGGED_IN);

    private static final Set<String> TAKING_A_PIN = Set.of("C_Login", "C_SetPIN", "C_InitPIN", "C_InitToken");

    /** Only some functions look at a PIN; from anything else these are as odd as any other. */
    private static final Set<Long> ABOUT_THE_PIN = Set.of(
            CKR.PIN_INCORRECT,
            CKR.PIN_INVALID,
            CKR.PIN_LEN_RANGE,
            CKR.PIN_EXPIRED,
            CKR.PIN_LOCKED,
            CKR.PIN_TOO_WEAK,
            CKR.USER_ALREADY_LOGGED_IN,
            CKR.USER_PIN_NOT_INITIALIZED,
            CKR.USER_TYPE_INVALID,
            CKR.USER_ANOTHER_ALREADY_LOGGED_IN,
            CKR.USER_TOO_MANY_TYPES);

    public static ReturnValueClass of(CryptokiException e) {
        if (e instanceof ConnectionLostException) {
            return TOKEN_GONE;
        }
        long value = e.returnValue();
        if (ASKED_WRONGLY.contains(value)) {
            return OURS;
        }
        boolean user =
                ABOUT_THE_USER.contains(value) || TAKING_A_PIN.contains(e.function()) && ABOUT_THE_PIN.contains(value);
        return user ? USER : TOKEN_GONE;
    }
}
