package org.tokend.smime.mime;

import java.io.IOException;

/** The bytes are not the mail that they claim to be; the message is one sentence fit for a person. */
public final class MalformedMailException extends IOException {

    private static final long serialVersionUID = 1L;

    public MalformedMailException(String message) {
        super(message);
    }

    public MalformedMailException(String message, Throwable cause) {
        super(message, cause);
    }
}
