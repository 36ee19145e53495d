package org.tokend.pkcs11.cryptoki;

/** The module host died, or did not answer within its deadline; whether the function was carried out is not known. */
public final class ConnectionLostException extends CryptokiException {
    private static final long serialVersionUID = 1L;

    private final boolean deadlinePassed;

    public ConnectionLostException(String function, boolean deadlinePassed) {
        super(
                function,
                CKR.DEVICE_ERROR,
                function
                        + (deadlinePassed
                                ? " did not return within its deadline"
                                : " was cut off: the module host ended"));
        this.deadlinePassed = deadlinePassed;
    }

    public boolean deadlinePassed() {
        return deadlinePassed;
    }
}
