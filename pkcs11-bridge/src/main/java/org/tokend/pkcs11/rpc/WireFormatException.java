package org.tokend.pkcs11.rpc;

import org.tokend.pkcs11.cryptoki.CKR;

/** Bytes that are no message of the protocol, or a message that does not fit its bounds. Never carries data. */
public final class WireFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long returnValue;

    WireFormatException(String message) {
        this(message, CKR.DEVICE_ERROR);
    }

    /** @param returnValue what the caller of the function is told */
    WireFormatException(String message, long returnValue) {
        super(message);
        this.returnValue = returnValue;
    }

    long returnValue() {
        return returnValue;
    }
}
