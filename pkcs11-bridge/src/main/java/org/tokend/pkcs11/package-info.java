/** The vocabulary of the bridge: values that name tokens and keys and the one family of errors. Nothing comes in, values go out; depends on {@code uri} only. */
@NullMarked
package org.tokend.pkcs11;

import org.jspecify.annotations.NullMarked;
