package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;

/**
 * What one application may see and do. Every method may be called by several threads at once; the return value in a
 * {@link CryptokiException} is what the application is told.
 */
public interface ApplicationGate {
    /** The slots in order of first sight. An id means the same slot for the life of the daemon. Never blocks. */
    List<ApplicationSlot> slots();

    /** Counts up whenever a token came, went or became another. */
    long slotChanges();

    /** Waits until {@link #slotChanges()} is not {@code seen} any more, the application is gone or the daemon stops. */
    void awaitSlotChange(long seen) throws InterruptedException;

    /** Whether the application may create, change, copy, wrap and destroy token objects and initialise tokens and PINs. */
    boolean mayManage();

    /** Whether the application may know that the key is there. Objects that carry its public key are hidden with it. */
    boolean shows(KeyDescriptor key);

    /** Whether the application may be offered a mechanism that the token and its own end can carry. */
    boolean offers(Token token, long mechanism);

    /**
     * C_Login(CKU_USER). Returns when the token is unlocked; at once when it is already.
     *
     * @param pin what the application sent, off-heap, wiped by the caller; null when it leaves the asking to us
     */
    void login(Token token, @Nullable MemorySegment pin) throws CryptokiException;

    /** @return as {@link Token#sign} answers: ECDSA as DER */
    byte[] sign(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] input) throws CryptokiException;

    /** @return as {@link Token#decrypt}; for a bad PKCS#1 v1.5 padding a plaintext that nobody can tell from a real one */
    byte[] decrypt(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext) throws CryptokiException;

    /** @param publicKey the other side's SubjectPublicKeyInfo, DER. @return x-coordinate, padded to the field size */
    byte[] agree(Token token, KeyDescriptor key, byte[] publicKey) throws CryptokiException;

    /**
     * Asked before every change to a token or its PINs; the audit has a record when it returns and when it throws.
     *
     * @param function name of the C function
     * @param token null for C_InitToken on a slot whose token has no name yet
     * @throws CryptokiException CKR_ACTION_PROHIBITED when the application does not manage tokens
     */
    void manage(String function, @Nullable Token token) throws CryptokiException;

    /**
     * C_InitToken on a slot whose token is blank; asked after {@link #manage}.
     *
     * @param officerPin what the application sent, off-heap, wiped by the caller; null at a PIN pad
     */
    void initialise(ApplicationSlot slot, @Nullable MemorySegment officerPin, String label) throws CryptokiException;
}
