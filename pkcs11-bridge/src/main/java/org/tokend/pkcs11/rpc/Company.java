package org.tokend.pkcs11.rpc;

/** Who else there is, so that a thread that watches instead of sleeping would be in the way. */
public interface Company {
    /** The calling thread begins to wait. */
    void enter();

    /** Asked again and again while it waits: whether it would keep nobody from a processor. */
    boolean isQuiet();

    /** It waits no more. */
    void leave();
}
