package org.tokend.pkcs11.session;

import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** What a return value about the PIN or the person means. */
public final class LoginFailure {
    private LoginFailure() {}

    public static TokenException of(TokenIdentity token, CryptokiException e, PinTries tries) {
        if (e instanceof ConnectionLostException lost) {
            return lost.deadlinePassed()
                    ? new TokenException.Timeout(
                            "The token " + token + " did not answer the login in time; its module was"
                                    + " started again. Whether a try was spent is not known.")
                    : new TokenException.Removed("The module of the token " + token + " ended during the login.");
        }
        long value = e.returnValue();
        if (value == CKR.PIN_LOCKED || tries == PinTries.LOCKED && isWrongPin(value)) {
            return new TokenException.PinLocked("The PIN of the token " + token
                    + " is locked: unlock it with its PUK or its security officer's PIN.");
        }
        if (isWrongPin(value)) {
            return new TokenException.PinIncorrect("The token " + token + " refused the PIN.", tries);
        }
        if (value == CKR.FUNCTION_CANCELED || value == CKR.CANCEL || value == CKR.FUNCTION_REJECTED) {
            return new TokenException.PinCancelled("The PIN entry at the token " + token + " was cancelled.");
        }
        if (value == CKR.USER_NOT_LOGGED_IN) {
            return new TokenException.LoginRequired("The token " + token + " is locked: unlock it first.");
        }
        if (value == CKR.USER_PIN_NOT_INITIALIZED || value == CKR.PIN_EXPIRED) {
            return new TokenException.Failed(
                    "The PIN of the token " + token + " must be set first (" + e.getMessage() + ").", value);
        }
        if (value == CKR.TOKEN_NOT_PRESENT || value == CKR.DEVICE_REMOVED) {
            return new TokenException.Removed("The token " + token + " was removed during the login.");
        }
        return new TokenException.Failed("The token " + token + " failed: " + e.getMessage() + ".", value);
    }

    private static boolean isWrongPin(long value) {
        return value == CKR.PIN_INCORRECT || value == CKR.PIN_INVALID || value == CKR.PIN_LEN_RANGE;
    }
}
