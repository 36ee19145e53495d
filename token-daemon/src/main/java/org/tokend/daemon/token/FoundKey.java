package org.tokend.daemon.token;

import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.token.Token;

/** A key and the token that holds it. */
public record FoundKey(Token token, KeyDescriptor key) {}
