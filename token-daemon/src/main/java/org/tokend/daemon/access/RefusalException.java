package org.tokend.daemon.access;

import org.tokend.protocol.ErrorCode;

/** A request ends here, before a token has to do with it. The message is what the caller is told. */
public final class RefusalException extends Exception {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;

    public RefusalException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
