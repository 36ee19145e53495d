package org.tokend.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One call of the interface {@code org.tokend.Token}. Keys and tokens are named by an RFC 7512 {@code pkcs11:} URI; a key
 * also by {@code sha256:} and the lower-case hex of the SHA-256 of its SubjectPublicKeyInfo. Nothing in a request is a PIN,
 * a file name, an environment variable or a module path.
 */
public sealed interface Request
        permits ListTokens,
                ListKeys,
                PrivateKeyRequest,
                ProvisionRequest,
                DescribeProtection,
                Unlock,
                Lock,
                OpenOccasion,
                CloseOccasion,
                Status,
                Watch,
                GetInfo,
                GetInterfaceDescription {

    /** The varlink method, such as {@code org.tokend.Token.Sign}. */
    String method();

    /** A token named in the request, or null for all of them. */
    default @Nullable String token() {
        return null;
    }
}
