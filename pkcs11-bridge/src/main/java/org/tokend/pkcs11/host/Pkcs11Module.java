package org.tokend.pkcs11.host;

import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** One PKCS#11 module, in a host of its own or in this process. Thread-safe. */
public interface Pkcs11Module extends AutoCloseable {

    /** The name in the configuration. */
    String name();

    /**
     * A connection for one thread at a time; {@link Cryptoki#close()} gives it back. Starts the host when none runs.
     *
     * @throws CryptokiException CKR_GENERAL_ERROR with the reason when the module cannot be loaded, or when its host ended
     *     too often and is not started again yet
     */
    Cryptoki connect() throws CryptokiException;

    /** Counts the starts of the module: handles, sessions and logins of one count mean nothing in another. */
    long generation();

    /**
     * Ends the host if it is still of this generation, and starts a new one in the background. For a module in this process:
     * finalizes and initialises it again.
     */
    void restart(long generation, String reason);

    /** A private key is about to be used: for a while it is worth some memory that the module is soon back from a crash. */
    default void used() {}

    /** How many connections can be had at once. */
    int maxConnections();

    @Override
    void close();
}
