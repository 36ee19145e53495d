package org.tokend.daemon.unlock;

import org.tokend.protocol.ErrorCode;

/** The person, or the lack of one, stands between the request and the token. The message is what the caller is told. */
public final class UnlockException extends Exception {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;

    public UnlockException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
