package org.tokend.daemon.pkcs12;

import org.tokend.protocol.ErrorCode;

/** A file that cannot be used. The message is what the caller is told. */
public final class KeyFileException extends Exception {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;

    KeyFileException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
