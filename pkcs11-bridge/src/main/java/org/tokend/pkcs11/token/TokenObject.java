package org.tokend.pkcs11.token;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.AttributeValues;

/**
 * An object on a token (CKA_TOKEN true), over generations: after a removal, a restart of the module or a lock the same object is known by
 * the same id. Thread-safe.
 */
public interface TokenObject {
    /** Never used for another object while the daemon lives; says nothing about the module's own handle. */
    long id();

    /** CKA_CLASS. */
    long objectClass();

    /** CKA_PRIVATE: shown to an application that is logged in only. */
    boolean isPrivate();

    /** The key whose private half, public half or certificate this is; null for what belongs to no key of the catalogue. */
    @Nullable
    KeyDescriptor key();

    /**
     * From memory where these attributes have been read before (values, and that one is sensitive or unknown); the token is asked for
     * others once.
     *
     * @return as C_GetAttributeValue answers, in the asked order
     * @throws TokenException.KeyNotFound when the token does not hold the object any more
     */
    AttributeValues attributes(long... types) throws TokenException;

    /** C_GetObjectSize, in bytes. */
    long size() throws TokenException;
}
