package org.tokend.protocol;

/** A request that uses a private key: the only kind that needs a grant, a login and an audit record. */
public sealed interface PrivateKeyRequest extends Request permits Sign, Decrypt, UnwrapContentKey, Agree {

    /** {@code pkcs11:} URI or {@code sha256:} fingerprint. */
    String key();
}
