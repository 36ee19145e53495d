package org.tokend.daemon.dispatch;

import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

/** Every error in the words of the wire: the only place where one becomes the other. */
public final class Failures {
    private Failures() {}

    public static Reply.Failure of(RefusalException refusal) {
        return new Reply.Failure(refusal.code(), text(refusal));
    }

    static Reply.Failure of(UnlockException failure) {
        return new Reply.Failure(failure.code(), text(failure));
    }

    static Reply.Failure of(Decryptor.UndecryptableException failure) {
        return new Reply.Failure(ErrorCode.INVALID_REQUEST, text(failure));
    }

    public static Reply.Failure of(TokenException failure) {
        return new Reply.Failure(code(failure), text(failure));
    }

    public static Reply.Failure auditUnwritable() {
        return new Reply.Failure(
                ErrorCode.INTERNAL,
                "the audit record cannot be written, so nothing is answered; tokend's log says why (is the disk full?)");
    }

    static Reply.Failure defect() {
        return new Reply.Failure(ErrorCode.INTERNAL, "a defect of tokend; its log has the details");
    }

    private static ErrorCode code(TokenException failure) {
        return switch (failure) {
            case TokenException.Removed removed -> ErrorCode.TOKEN_REMOVED;
            case TokenException.Timeout timeout -> ErrorCode.TIMEOUT;
            case TokenException.Busy busy -> ErrorCode.BUSY;
            case TokenException.ModuleUnavailable unavailable -> ErrorCode.MODULE_UNAVAILABLE;
            // The login was lost again and again while the request ran.
            case TokenException.LoginRequired loginRequired -> ErrorCode.TOKEN_REMOVED;
            case TokenException.PinIncorrect pinIncorrect -> ErrorCode.PIN_INCORRECT;
            case TokenException.PinLocked pinLocked -> ErrorCode.PIN_LOCKED;
            case TokenException.PinCancelled pinCancelled -> ErrorCode.PROMPT_CANCELLED;
            case TokenException.KeyNotFound keyNotFound -> ErrorCode.KEY_NOT_FOUND;
            case TokenException.KeyAmbiguous ambiguous -> ErrorCode.KEY_AMBIGUOUS;
            case TokenException.NotExtractable notExtractable -> ErrorCode.KEY_NOT_EXTRACTABLE;
            case TokenException.KeyMismatch mismatch -> ErrorCode.KEY_MISMATCH;
            case TokenException.Unsupported unsupported -> ErrorCode.ALGORITHM_UNSUPPORTED;
            case TokenException.InvalidInput invalidInput -> ErrorCode.INVALID_REQUEST;
            case TokenException.WrongResult wrongResult -> ErrorCode.WRONG_RESULT;
            case TokenException.Failed failed -> ErrorCode.TOKEN_FAILED;
        };
    }

    private static String text(Exception failure) {
        return String.valueOf(failure.getMessage());
    }
}
