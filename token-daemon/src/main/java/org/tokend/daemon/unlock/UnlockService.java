package org.tokend.daemon.unlock;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.event.EventSink;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.TokenDescription;

/**
 * Keeps tokens logged in for as long as the person allows. Thread-safe. Requests that wait for one token share one prompt
 * and its outcome; no lock that others need is held while a human types. The prompt's own timeout bounds every wait.
 */
public interface UnlockService extends AutoCloseable {

    /** Returns at once when the token is logged in or needs no login. Asks nobody when the token is absent or failed. */
    void ensureUnlocked(Token token, UnlockReason reason, EventSink events) throws UnlockException, TokenException;

    /**
     * The same with a PIN that a program sent, which is counted like one that was typed. Where it would be the last try, or cannot
     * be told from one that was refused, the person is asked instead; so at a PIN pad.
     *
     * @param pin off-heap bytes, wiped by the caller; null: the person is asked in any case
     */
    void ensureUnlocked(Token token, UnlockReason reason, @Nullable MemorySegment pin, EventSink events)
            throws UnlockException, TokenException;

    /**
     * Asks for the PIN and runs one operation with it, for keys with CKA_ALWAYS_AUTHENTICATE. The token must be unlocked
     * already. A PIN that the operation refuses (TokenException.PinIncorrect) is counted and not sent again.
     */
    <T> T withContextPin(Token token, KeyDescriptor key, UnlockReason reason, EventSink events, PinUse<T> use)
            throws UnlockException, TokenException;

    /** Asks the person to allow one use of a key, without a PIN. Returns when allowed. */
    void confirm(Token token, UnlockReason reason, EventSink events) throws UnlockException;

    /**
     * Asks the person for the passphrase of a file, and for a new one twice.
     *
     * @param use has the passphrase for as long as it runs
     */
    <T, E extends Exception> T withPassphrase(
            Token token, UnlockReason reason, boolean isNew, EventSink events, PassphraseUse<T, E> use)
            throws UnlockException, E;

    /** Ends the login; cancels a prompt that is open for the token. */
    void lock(Token token);

    /** The token was just used: its idle time starts again. */
    void touched(Token token);

    /** What flags and the ledger of wrong PINs together say. Never blocks. */
    TokenDescription.Tries tries(Token token);

    @Override
    void close();
}
