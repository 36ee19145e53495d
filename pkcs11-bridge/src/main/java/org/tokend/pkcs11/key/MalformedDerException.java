package org.tokend.pkcs11.key;

/** Bytes are not the DER value they should be. The message holds none of them. */
public final class MalformedDerException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedDerException(String message) {
        super(message);
    }
}
