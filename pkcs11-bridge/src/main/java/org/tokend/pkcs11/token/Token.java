package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;

/** One token, over all its removals and returns. Thread-safe; calls wait for a free session, in order of arrival. */
public interface Token {
    TokenIdentity identity();

    /** Name of the module that shows this token. */
    String module();

    /** What is known without asking the module. Never blocks. */
    TokenState state();

    /** CKF_PROTECTED_AUTHENTICATION_PATH: the PIN is typed at the token. */
    boolean pinPad();

    /** Shortest and longest PIN that the token accepts, in bytes. */
    int minPinLength();

    int maxPinLength();

    /** Ends with every removal, host restart, lost login and unexpected return value. Never blocks. */
    long generation();

    /** The keys, from the catalogue; read from the token when nothing is known yet or the generation has ended. */
    List<KeyDescriptor> keys() throws TokenException;

    /**
     * All objects: those that anybody sees, and those that a login shows, once it has shown them, also while nobody is logged in. Never
     * blocks when the catalogue holds; reads it otherwise.
     *
     * @return the very same list as long as no object came, went or changed an attribute, another one afterwards
     */
    TokenObjectList objects() throws TokenException;

    /** C_GetTokenInfo as it was answered last. Never blocks. */
    TokenInfo info();

    /** C_GetMechanismList and C_GetMechanismInfo, read once in a generation. */
    Map<Long, MechanismInfo> mechanisms() throws TokenException;

    byte[] random(int length) throws TokenException, CryptokiException;

    void seedRandom(byte[] seed) throws TokenException, CryptokiException;

    TokenAdministration administration();

    /**
     * Logs in and, when that succeeds, reads the catalogue again. Never tries twice. To check a PIN while logged in, log out
     * first: a module that is logged in does not look at it.
     *
     * @param pin off-heap bytes, zeroed by the caller; null at a PIN pad
     */
    void login(@Nullable MemorySegment pin) throws TokenException;

    void logout();

    /**
     * @param input digest of the length the algorithm asks for, or the message for Ed25519
     * @param pin for keys with CKA_ALWAYS_AUTHENTICATE: off-heap bytes for C_Login(CKU_CONTEXT_SPECIFIC); null otherwise and
     *     at a PIN pad
     * @return RSA: modulus length, big-endian; ECDSA: DER; Ed25519: R‖S. Not verified here.
     */
    byte[] sign(KeyDescriptor key, KeyAlgorithm algorithm, byte[] input, @Nullable MemorySegment pin)
            throws TokenException;

    /**
     * @return the plaintext without padding
     * @throws TokenException.Failed also for a bad padding: the caller must not let anybody tell the two apart
     */
    byte[] decrypt(KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext, @Nullable MemorySegment pin)
            throws TokenException;

    /**
     * RSAES-PKCS1-v1_5 with implicit rejection: the plaintext when the padding is right and leaves a length that is wanted, else
     * the substitute. Nothing tells the two apart, and where the token can do raw RSA the choice is made in constant time. Errors
     * are thrown only for what a chosen ciphertext does not decide.
     */
    byte[] decryptPkcs1(KeyDescriptor key, byte[] ciphertext, Pkcs1Rejection rejection, @Nullable MemorySegment pin)
            throws TokenException;

    /**
     * Raw ECDH.
     *
     * @param publicKey the other side's SubjectPublicKeyInfo, DER, on the key's own curve; checked to lie on it
     * @return x-coordinate, padded to the field size
     */
    byte[] agree(KeyDescriptor key, byte[] publicKey, @Nullable MemorySegment pin) throws TokenException;

    /**
     * Proves that the token holds the private key of {@code key.publicKey()} (and so of its certificates): signs a fresh
     * challenge, or unwraps a fresh secret where the key only decrypts. Cached for the generation.
     *
     * @throws TokenException.KeyMismatch when the proof fails
     */
    void provePossession(KeyDescriptor key, @Nullable MemorySegment pin) throws TokenException;

    /**
     * What this token returned turned out to be wrong: ends the generation, so that nothing is asked of it again before its
     * sessions are opened, its keys found and their possession proven anew. Never blocks.
     *
     * @param generation in which it happened; nothing is done when that has ended already
     */
    void distrust(long generation, String reason);
}
