package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/**
 * Changes to one token. Each call has a read-write session for itself, and what it changed shows in {@link Token#objects} and
 * {@link Token#keys} when it returns. What the token refuses comes back as {@link CryptokiException}, word for word; TokenException is for a
 * token that cannot be asked. PINs are off-heap bytes, wiped by the caller; null at a PIN pad.
 */
public interface TokenAdministration {
    /** C_CreateObject with CKA_TOKEN true; also secret and private keys. */
    TokenObject create(List<Attribute> template) throws TokenException, CryptokiException;

    TokenObject copy(TokenObject object, List<Attribute> template) throws TokenException, CryptokiException;

    void destroy(TokenObject object) throws TokenException, CryptokiException;

    void setAttributes(TokenObject object, List<Attribute> template) throws TokenException, CryptokiException;

    /** @return public key, then private key */
    List<TokenObject> generateKeyPair(
            Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate)
            throws TokenException, CryptokiException;

    TokenObject generateKey(Mechanism mechanism, List<Attribute> template) throws TokenException, CryptokiException;

    byte[] wrap(Mechanism mechanism, TokenObject wrappingKey, TokenObject key) throws TokenException, CryptokiException;

    /**
     * C_WrapKey under an AES key that only the session holds.
     *
     * @param wrappingKey 32 bytes, known to the caller
     */
    byte[] wrapOut(Mechanism mechanism, byte[] wrappingKey, TokenObject key) throws TokenException, CryptokiException;

    TokenObject unwrap(Mechanism mechanism, TokenObject unwrappingKey, byte[] wrapped, List<Attribute> template)
            throws TokenException, CryptokiException;

    /** Logs in as the security officer and out again, which ends the user's login. */
    void checkOfficerPin(@Nullable MemorySegment officerPin) throws TokenException, CryptokiException;

    /** C_InitPIN, as the security officer. */
    void initPin(@Nullable MemorySegment officerPin, @Nullable MemorySegment userPin)
            throws TokenException, CryptokiException;

    /** C_SetPIN of the user. */
    void setPin(@Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws TokenException, CryptokiException;

    /** C_SetPIN of the security officer. */
    void setOfficerPin(@Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws TokenException, CryptokiException;

    /** C_InitToken again: destroys all objects. */
    void initialise(@Nullable MemorySegment officerPin, String label) throws TokenException, CryptokiException;
}
