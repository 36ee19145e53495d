/** Objects on a token come in, {@code KeyDescriptor}s go out. Depends on {@code object}, {@code cryptoki}, {@code uri} and the vocabulary. */
@NullMarked
package org.tokend.pkcs11.key;

import org.jspecify.annotations.NullMarked;
