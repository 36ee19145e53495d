package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The C functions of PKCS#11 that we use, one Java method each, named as the function without its {@code C_}. The module is
 * initialised when an instance exists. Handles are the module's own. What an implementation lacks throws
 * CKR_FUNCTION_NOT_SUPPORTED. Output buffers are as long as the result: a module that claims more than 16 MiB is answered
 * with CKR_GENERAL_ERROR. An instance may be used by one thread at a time unless its class says otherwise.
 */
public interface Cryptoki extends AutoCloseable {
    ModuleInfo getInfo() throws CryptokiException;

    long[] getSlotList(boolean tokenPresent) throws CryptokiException;

    SlotInfo getSlotInfo(long slot) throws CryptokiException;

    TokenInfo getTokenInfo(long slot) throws CryptokiException;

    long[] getMechanismList(long slot) throws CryptokiException;

    MechanismInfo getMechanismInfo(long slot, long mechanism) throws CryptokiException;

    /** @return the slot in which something happened; compare states, modules also return old events */
    long waitForSlotEvent(long flags) throws CryptokiException;

    /** @param pin off-heap bytes of the SO PIN, or null for the protected authentication path */
    void initToken(long slot, @Nullable MemorySegment pin, String label) throws CryptokiException;

    void initPin(long session, @Nullable MemorySegment pin) throws CryptokiException;

    void setPin(long session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin) throws CryptokiException;

    long openSession(long slot, long flags) throws CryptokiException;

    void closeSession(long session) throws CryptokiException;

    void closeAllSessions(long slot) throws CryptokiException;

    SessionInfo getSessionInfo(long session) throws CryptokiException;

    /**
     * Passes the PIN by pointer: no copy of it is made on the heap (PKCS#11 v3.1 §5.6.8).
     *
     * @param pin off-heap bytes, or null for the protected authentication path
     */
    void login(long session, long userType, @Nullable MemorySegment pin) throws CryptokiException;

    void logout(long session) throws CryptokiException;

    long createObject(long session, List<Attribute> template) throws CryptokiException;

    long copyObject(long session, long object, List<Attribute> template) throws CryptokiException;

    void destroyObject(long session, long object) throws CryptokiException;

    long getObjectSize(long session, long object) throws CryptokiException;

    AttributeValues getAttributeValue(long session, long object, long... types) throws CryptokiException;

    void setAttributeValue(long session, long object, List<Attribute> template) throws CryptokiException;

    void findObjectsInit(long session, List<Attribute> template) throws CryptokiException;

    long[] findObjects(long session, int max) throws CryptokiException;

    void findObjectsFinal(long session) throws CryptokiException;

    void encryptInit(long session, Mechanism mechanism, long key) throws CryptokiException;

    byte[] encrypt(long session, byte[] data) throws CryptokiException;

    byte[] encryptUpdate(long session, byte[] part) throws CryptokiException;

    byte[] encryptFinal(long session) throws CryptokiException;

    void decryptInit(long session, Mechanism mechanism, long key) throws CryptokiException;

    byte[] decrypt(long session, byte[] data) throws CryptokiException;

    byte[] decryptUpdate(long session, byte[] part) throws CryptokiException;

    byte[] decryptFinal(long session) throws CryptokiException;

    void digestInit(long session, Mechanism mechanism) throws CryptokiException;

    byte[] digest(long session, byte[] data) throws CryptokiException;

    void digestUpdate(long session, byte[] part) throws CryptokiException;

    void digestKey(long session, long key) throws CryptokiException;

    byte[] digestFinal(long session) throws CryptokiException;

    void signInit(long session, Mechanism mechanism, long key) throws CryptokiException;

    byte[] sign(long session, byte[] data) throws CryptokiException;

    void signUpdate(long session, byte[] part) throws CryptokiException;

    byte[] signFinal(long session) throws CryptokiException;

    /**
     * SignInit and Sign as one step. Over a connection both travel in one write.
     *
     * @throws CryptokiException of either function; after any failure the session's operation state is unknown
     */
    default byte[] signOnce(long session, Mechanism mechanism, long key, byte[] data) throws CryptokiException {
        return signOnce(session, new SignInit(mechanism, key), data, Ahead.NOT);
    }

    /** Whether {@link #signOnce(long, SignInit, byte[], Ahead)} can call C_SignInit ahead. */
    default boolean initsAhead() {
        return false;
    }

    /**
     * SignInit and Sign as one step, the first perhaps ahead of its turn. After {@code ahead.again()} the session is good for nothing
     * but the next signature of the same kind, and for being closed; that C_SignInit failed ahead, that one is told by
     * CKR_OPERATION_NOT_INITIALIZED.
     *
     * @param ahead {@link Ahead#NOT} unless {@link #initsAhead()}
     * @throws CryptokiException of either function; after any failure the session's operation state is unknown
     */
    default byte[] signOnce(long session, SignInit init, byte[] data, Ahead ahead) throws CryptokiException {
        if (!ahead.done()) {
            signInit(session, init.mechanism(), init.key());
        }
        byte[] signature = sign(session, data);
        if (ahead.again()) {
            try {
                signInit(session, init.mechanism(), init.key());
            } catch (CryptokiException e) {
                // See above.
            }
        }
        return signature;
    }

    /** DecryptInit and Decrypt as one step. Over a connection both travel in one write. */
    default byte[] decryptOnce(long session, Mechanism mechanism, long key, byte[] data) throws CryptokiException {
        decryptInit(session, mechanism, key);
        return decrypt(session, data);
    }

    void verifyInit(long session, Mechanism mechanism, long key) throws CryptokiException;

    void verify(long session, byte[] data, byte[] signature) throws CryptokiException;

    void verifyUpdate(long session, byte[] part) throws CryptokiException;

    void verifyFinal(long session, byte[] signature) throws CryptokiException;

    long generateKey(long session, Mechanism mechanism, List<Attribute> template) throws CryptokiException;

    KeyPairHandles generateKeyPair(
            long session, Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate)
            throws CryptokiException;

    byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key) throws CryptokiException;

    long unwrapKey(long session, Mechanism mechanism, long unwrappingKey, byte[] wrappedKey, List<Attribute> template)
            throws CryptokiException;

    long deriveKey(long session, Mechanism mechanism, long baseKey, List<Attribute> template) throws CryptokiException;

    void seedRandom(long session, byte[] seed) throws CryptokiException;

    byte[] generateRandom(long session, int length) throws CryptokiException;

    /**
     * Answers what a caller asks with a NULL buffer (v3.1 §5.2), without carrying the operation out.
     *
     * @param function that would end or go on with the operation, such as {@code C_Sign} or {@code C_DigestFinal}
     * @param inputLength of the data that come with it, 0 where there are none
     * @return most bytes that the function can return then; empty when only carrying it out tells
     */
    default OptionalInt outputBound(long session, String function, int inputLength) throws CryptokiException {
        return OptionalInt.empty();
    }

    /**
     * C_SessionCancel (v3.1 §5.6.11); also what an Init function with a NULL mechanism asks for.
     *
     * @param flags CKF_SIGN, CKF_DECRYPT, CKF_FIND_OBJECTS and so on: which operations to give up
     */
    default void sessionCancel(long session, long flags) throws CryptokiException {
        throw new CryptokiException("C_SessionCancel", CKR.FUNCTION_NOT_SUPPORTED);
    }

    /** C_Finalize of one application whose connection stays: sessions, logins and session objects of its own end. */
    default void finish() {}

    /** Gives the connection back, or finalizes the module where this instance loaded it. */
    @Override
    void close();
}
