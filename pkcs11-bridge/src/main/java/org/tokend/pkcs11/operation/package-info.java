/** A session, a key and an algorithm come in, a signature, plaintext or shared secret goes out. Depends on {@code cryptoki}, {@code key} and the vocabulary. */
@NullMarked
package org.tokend.pkcs11.operation;

import org.jspecify.annotations.NullMarked;
