package org.tokend.pkcs11.cryptoki;

/**
 * C_SignInit is called before its turn, while nobody waits for it.
 *
 * @param done it has been for this signature, by the call before in the session
 * @param again it shall be for the next one, once this signature is out
 */
public record Ahead(boolean done, boolean again) {
    public static final Ahead NOT = new Ahead(false, false);

    /** This signature begins in its turn after all. */
    public Ahead notDone() {
        return new Ahead(false, again);
    }
}
