package org.tokend.pkcs11.rpc;

/** Bytes that are no message of the protocol, or a message that does not fit its bounds. Never carries data. */
public final class WireFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    WireFormatException(String message) {
        super(message);
    }
}
