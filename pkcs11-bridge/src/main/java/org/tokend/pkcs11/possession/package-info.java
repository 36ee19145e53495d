/** A key and its certificates come in, the proof that the token holds the key goes out. Depends on {@code operation}, {@code key}. */
@NullMarked
package org.tokend.pkcs11.possession;

import org.jspecify.annotations.NullMarked;
