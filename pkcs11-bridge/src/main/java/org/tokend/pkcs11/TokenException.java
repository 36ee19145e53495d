package org.tokend.pkcs11;

import java.util.List;

/**
 * Everything that can go wrong between a request and a token: the one family of errors that leaves the bridge. Messages
 * are one sentence that names token and key; they never carry a PIN or data.
 */
public abstract sealed class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    TokenException(String message) {
        super(message);
    }

    TokenException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The token is not there, was pulled, or its host was lost in the middle; asking again may succeed. */
    public static final class Removed extends TokenException {
        private static final long serialVersionUID = 1L;

        public Removed(String message) {
            super(message);
        }
    }

    /** No answer within the deadline; the module's host has been ended. */
    public static final class Timeout extends TokenException {
        private static final long serialVersionUID = 1L;

        public Timeout(String message) {
            super(message);
        }
    }

    /** No session became free in time. */
    public static final class Busy extends TokenException {
        private static final long serialVersionUID = 1L;

        public Busy(String message) {
            super(message);
        }
    }

    /** The module cannot be loaded or its host does not stay up. */
    public static final class ModuleUnavailable extends TokenException {
        private static final long serialVersionUID = 1L;

        public ModuleUnavailable(String message) {
            super(message);
        }
    }

    /** The operation needs a login first. */
    public static final class LoginRequired extends TokenException {
        private static final long serialVersionUID = 1L;

        public LoginRequired(String message) {
            super(message);
        }
    }

    /** The token refused the PIN: a try was spent. */
    public static final class PinIncorrect extends TokenException {
        private static final long serialVersionUID = 1L;
        private final PinTries tries;

        public PinIncorrect(String message, PinTries tries) {
            super(message);
            this.tries = tries;
        }

        /** What the flags say after the try. */
        public PinTries tries() {
            return tries;
        }
    }

    /** The token takes no PIN any more. */
    public static final class PinLocked extends TokenException {
        private static final long serialVersionUID = 1L;

        public PinLocked(String message) {
            super(message);
        }
    }

    /** The person cancelled at the PIN pad. */
    public static final class PinCancelled extends TokenException {
        private static final long serialVersionUID = 1L;

        public PinCancelled(String message) {
            super(message);
        }
    }

    /** The token does not hold the key. */
    public static final class KeyNotFound extends TokenException {
        private static final long serialVersionUID = 1L;

        public KeyNotFound(String message) {
            super(message);
        }
    }

    /** More than one key matches. */
    public static final class KeyAmbiguous extends TokenException {
        private static final long serialVersionUID = 1L;
        private final transient List<KeyDescriptor> candidates;

        public KeyAmbiguous(String message, List<KeyDescriptor> candidates) {
            super(message);
            this.candidates = List.copyOf(candidates);
        }

        public List<KeyDescriptor> candidates() {
            return candidates;
        }
    }

    /** The token never gives the private key away (CKA_EXTRACTABLE is false). */
    public static final class NotExtractable extends TokenException {
        private static final long serialVersionUID = 1L;

        public NotExtractable(String message) {
            super(message);
        }
    }

    /** The certificate belongs to another key, or the token could not prove possession. */
    public static final class KeyMismatch extends TokenException {
        private static final long serialVersionUID = 1L;

        public KeyMismatch(String message) {
            super(message);
        }
    }

    /** Neither the token nor a fall-back can do this. */
    public static final class Unsupported extends TokenException {
        private static final long serialVersionUID = 1L;

        public Unsupported(String message) {
            super(message);
        }
    }

    /** The input cannot be right, whatever the key: wrong length, not on the curve. Nothing was sent to the token. */
    public static final class InvalidInput extends TokenException {
        private static final long serialVersionUID = 1L;

        public InvalidInput(String message) {
            super(message);
        }
    }

    /** What the token returned is not the right answer, and was not released. */
    public static final class WrongResult extends TokenException {
        private static final long serialVersionUID = 1L;

        public WrongResult(String message) {
            super(message);
        }
    }

    /** The token failed with a return value that has no meaning of its own here. */
    public static final class Failed extends TokenException {
        private static final long serialVersionUID = 1L;
        private final long returnValue;

        public Failed(String message, long returnValue) {
            super(message);
            this.returnValue = returnValue;
        }

        public long returnValue() {
            return returnValue;
        }
    }
}
