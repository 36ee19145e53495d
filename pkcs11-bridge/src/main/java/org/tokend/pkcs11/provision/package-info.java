/**
 * Keys and certificates put on a token, made there, and taken off it: a {@link org.tokend.pkcs11.token.Token} and key material in the
 * JDK's types come in, {@link org.tokend.pkcs11.KeyDescriptor}s go out. Whether somebody may is decided before. May depend on {@code token},
 * {@code key}, {@code cryptoki} and the vocabulary.
 */
@NullMarked
package org.tokend.pkcs11.provision;

import org.jspecify.annotations.NullMarked;
