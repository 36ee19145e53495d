package org.tokend.pkcs11.uri;

/** A text is not a {@code pkcs11:} URI. The message says where and why and never repeats the text: it could hold a PIN. */
public final class Pkcs11UriException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    Pkcs11UriException(int position, String reason) {
        super("PKCS#11 URI, character " + (position + 1) + ": " + reason);
        this.position = position;
    }

    /** Index into the text, from 0. */
    public int position() {
        return position;
    }
}
