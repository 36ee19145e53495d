package org.tokend.daemon.prompt;

/** How the other end of an Assuan connection ended a command. */
sealed interface AssuanReply {

    record Ok() implements AssuanReply {}

    /** @param code libgpg-error's: source in the upper byte, code in the lower two */
    record Err(long code, String text) implements AssuanReply {
        private static final int SYSTEM_ERROR = 0x8000;

        int reason() {
            return (int) (code & 0xFFFF);
        }

        /** An errno stands behind it: something could not be opened. */
        boolean fromSystem() {
            return (reason() & SYSTEM_ERROR) != 0;
        }
    }
}
