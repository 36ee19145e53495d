package org.tokend.pkcs11.object;

/** A token holds, or says that it holds, more than this process has memory for. */
public final class TooManyObjectsException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param objects how many there are at least */
    TooManyObjectsException(int objects) {
        super("more than " + objects + " objects");
    }
}
