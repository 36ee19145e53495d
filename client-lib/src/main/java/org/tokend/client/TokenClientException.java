package org.tokend.client;

import org.tokend.protocol.ErrorCode;

/**
 * tokend refused, failed, or did not answer. The message is made for people: it says what went wrong and what to do next.
 *
 * <p>Unchecked, because it has to pass through interfaces that know nothing of tokend. Bouncy Castle in particular takes each
 * checked security exception, and ProviderException too, for a reason to try the same thing in another way, which would
 * show a person who has just closed the prompt a second one.
 */
public class TokenClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;

    public TokenClientException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public TokenClientException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /** Whether the same request may simply be sent again. */
    public boolean mayRetry() {
        return code.mayRetry();
    }

    /** There is nobody at the socket, or nobody to be trusted. Nothing has been sent. */
    public static final class NotRunning extends TokenClientException {
        private static final long serialVersionUID = 1L;

        NotRunning(String message) {
            super(ErrorCode.SHUTTING_DOWN, message);
        }

        NotRunning(String message, Throwable cause) {
            super(ErrorCode.SHUTTING_DOWN, message, cause);
        }
    }

    /** The connection broke, or was given up, before the answer came. It cannot be used any more. */
    public static final class ConnectionLost extends TokenClientException {
        private static final long serialVersionUID = 1L;

        ConnectionLost(ErrorCode code, String message, Throwable cause) {
            super(code, message, cause);
        }
    }
}
