package org.tokend.pkcs11.token;

import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.session.LoginFailure;
import org.tokend.pkcs11.session.ReturnValueClass;

/** Turns what a function returned into the one family of errors. */
final class Failures {
    private Failures() {}

    static TokenException of(TokenIdentity token, CryptokiException e) {
        return switch (ReturnValueClass.of(e)) {
            case OURS ->
                new TokenException.Failed("The token " + token + " refused: " + e.getMessage() + ".", e.returnValue());
            case USER -> LoginFailure.of(token, e, PinTries.UNKNOWN);
            case TOKEN_GONE -> gone(token, e);
        };
    }

    private static TokenException gone(TokenIdentity token, CryptokiException e) {
        if (e instanceof ConnectionLostException lost && lost.deadlinePassed()) {
            return new TokenException.Timeout("The token " + token + " did not answer in time (" + e.function()
                    + "), so its module is started again.");
        }
        if (isGone(e)) {
            return new TokenException.Removed(
                    "The token " + token + " or its module was lost in the middle: " + e.getMessage() + "; try again.");
        }
        return new TokenException.Failed(
                "The token " + token + " failed: " + e.getMessage() + "; try again.", e.returnValue());
    }

    /** Whether the token cannot have been asked, or was lost before it answered. */
    static boolean isGone(CryptokiException e) {
        return e instanceof ConnectionLostException || isRemoval(e.returnValue());
    }

    private static boolean isRemoval(long value) {
        return value == CKR.DEVICE_REMOVED
                || value == CKR.TOKEN_NOT_PRESENT
                || value == CKR.TOKEN_NOT_RECOGNIZED
                || value == CKR.SLOT_ID_INVALID
                || value == CKR.SESSION_CLOSED
                || value == CKR.SESSION_HANDLE_INVALID
                || value == CKR.CRYPTOKI_NOT_INITIALIZED;
    }

    /** Whether the private key cannot have been used by the call that failed, so that the same may be asked once more. */
    static boolean nothingWasDone(CryptokiException e) {
        if (e instanceof ConnectionLostException) {
            return false;
        }
        boolean beforeUse = switch (e.function()) {
            case "C_Sign", "C_Decrypt", "C_DeriveKey", "C_Login" -> false;
            default -> true;
        };
        long value = e.returnValue();
        return beforeUse
                || value == CKR.SESSION_HANDLE_INVALID
                || value == CKR.SESSION_CLOSED
                || value == CKR.KEY_HANDLE_INVALID
                || value == CKR.OPERATION_NOT_INITIALIZED
                || value == CKR.CRYPTOKI_NOT_INITIALIZED;
    }
}
