package org.tokend.pkcs11.cryptoki;

/** A PKCS#11 function returned something other than CKR_OK. Carries the return value; never PIN or data. */
public sealed class CryptokiException extends Exception permits ConnectionLostException {
    private static final long serialVersionUID = 1L;

    private final String function;
    private final long returnValue;

    /**
     * @param function the C function, such as {@code C_Sign}
     * @param returnValue the CK_RV
     */
    public CryptokiException(String function, long returnValue) {
        this(function, returnValue, function + " returned " + CKR.nameOf(returnValue));
    }

    /** @param message for failures that the return value alone does not explain, such as a module that cannot be loaded */
    public CryptokiException(String function, long returnValue, String message) {
        super(message);
        this.function = function;
        this.returnValue = returnValue;
    }

    public String function() {
        return function;
    }

    public long returnValue() {
        return returnValue;
    }
}
