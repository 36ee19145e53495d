package org.tokend.daemon.application;

import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

/**
 * Errors of the daemon as return values of PKCS#11: the only place where one becomes the other. Chosen by what applications do
 * with them: NSS and GnuTLS ask for a login again and again on CKR_PIN_INCORRECT, so that stands for a PIN that a token refused
 * and for nothing else; a prompt that was closed ends their loop with CKR_FUNCTION_CANCELED; CKR_DEVICE_REMOVED makes them look
 * for the token anew; after CKR_FUNCTION_FAILED the session may be used on.
 */
final class ReturnValues {
    private ReturnValues() {}

    /** @param function the C function that failed */
    static CryptokiException of(String function, Reply.Failure failure) {
        return new CryptokiException(function, value(function, failure.code()), failure.message());
    }

    private static long value(String function, ErrorCode code) {
        boolean login = function.equals("C_Login");
        return switch (code) {
            case INVALID_REQUEST -> badInput(function);
            // C_Login has no key that could be protected.
            case DENIED -> login ? CKR.ACTION_PROHIBITED : CKR.KEY_FUNCTION_NOT_PERMITTED;
            case TOKEN_NOT_FOUND, TOKEN_REMOVED -> CKR.DEVICE_REMOVED;
            case KEY_NOT_FOUND, KEY_AMBIGUOUS -> CKR.KEY_HANDLE_INVALID;
            case KEY_NOT_EXTRACTABLE -> CKR.KEY_UNEXTRACTABLE;
            case ALGORITHM_UNSUPPORTED -> CKR.MECHANISM_INVALID;
            case PIN_INCORRECT -> CKR.PIN_INCORRECT;
            case PIN_LOCKED -> CKR.PIN_LOCKED;
            case PROMPT_CANCELLED, PROMPT_TIMEOUT, PIN_LAST_TRY -> CKR.FUNCTION_CANCELED;
            // An operation can be tried again after a login; C_Login itself has nothing better to offer.
            case NO_PROMPT -> login ? CKR.FUNCTION_FAILED : CKR.USER_NOT_LOGGED_IN;
            case TIMEOUT, WRONG_RESULT, TOKEN_FAILED, MODULE_UNAVAILABLE, SHUTTING_DOWN -> CKR.DEVICE_ERROR;
            case BUSY, INTERNAL, KEY_MISMATCH -> CKR.FUNCTION_FAILED;
            case FRAME_TOO_LARGE, UNKNOWN_METHOD, KEY_EXISTS, PASSPHRASE_INCORRECT -> CKR.GENERAL_ERROR;
        };
    }

    private static long badInput(String function) {
        return switch (function) {
            case "C_Sign" -> CKR.DATA_LEN_RANGE;
            case "C_Decrypt" -> CKR.ENCRYPTED_DATA_INVALID;
            case "C_DeriveKey" -> CKR.MECHANISM_PARAM_INVALID;
            default -> CKR.ARGUMENTS_BAD;
        };
    }
}
