package org.tokend.daemon.prompt;

import java.io.IOException;

/** The prompt did not answer in time. */
final class PromptTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    PromptTimeoutException(Throwable cause) {
        super("it did not answer in time", cause);
    }
}
