package org.tokend.pkcs11.application;

import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** What an application is told: the one place where the bridge's errors become return values. */
public final class Refusal {
    private static final String NOT_KNOWN_HERE = "";

    private Refusal() {}

    /** Said deep inside, where it is not known which function was called; {@link #in} adds it. */
    static CryptokiException of(long returnValue) {
        return new CryptokiException(NOT_KNOWN_HERE, returnValue);
    }

    static CryptokiException in(String function, CryptokiException e) {
        return e.function().equals(NOT_KNOWN_HERE) ? new CryptokiException(function, e.returnValue()) : e;
    }

    /** The message stays that of the cause: it names the token and the key. */
    public static CryptokiException of(String function, TokenException e) {
        CryptokiException refusal =
                new CryptokiException(function, returnValue(function, e), String.valueOf(e.getMessage()));
        refusal.initCause(e);
        return refusal;
    }

    private static long returnValue(String function, TokenException e) {
        return switch (e) {
            case TokenException.Removed removed -> CKR.DEVICE_REMOVED;
            case TokenException.Timeout timeout -> CKR.DEVICE_ERROR;
            case TokenException.Busy busy -> CKR.FUNCTION_FAILED;
            case TokenException.ModuleUnavailable unavailable -> CKR.DEVICE_ERROR;
            case TokenException.LoginRequired required -> CKR.USER_NOT_LOGGED_IN;
            case TokenException.PinIncorrect incorrect -> CKR.PIN_INCORRECT;
            case TokenException.PinLocked locked -> CKR.PIN_LOCKED;
            case TokenException.PinCancelled cancelled -> CKR.FUNCTION_CANCELED;
            case TokenException.KeyNotFound missing -> missingObject(function);
            case TokenException.KeyAmbiguous ambiguous -> CKR.GENERAL_ERROR;
            case TokenException.NotExtractable kept -> CKR.KEY_UNEXTRACTABLE;
            case TokenException.KeyMismatch mismatch -> CKR.DEVICE_ERROR;
            case TokenException.Unsupported unsupported -> CKR.MECHANISM_INVALID;
            case TokenException.InvalidInput invalid -> CKR.DATA_INVALID;
            case TokenException.WrongResult wrong -> CKR.DEVICE_ERROR;
            case TokenException.Failed failed ->
                failed.returnValue() == CKR.OK ? CKR.DEVICE_ERROR : failed.returnValue();
        };
    }

    /** It was there when the handle was looked up, and is gone since. */
    private static long missingObject(String function) {
        return switch (function) {
            case "C_Sign", "C_SignFinal", "C_Decrypt", "C_DecryptFinal", "C_DeriveKey" -> CKR.KEY_HANDLE_INVALID;
            default -> CKR.OBJECT_HANDLE_INVALID;
        };
    }
}
