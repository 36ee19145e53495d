/** The C functions of PKCS#11 that we use, one Java method each: arguments come in, results or {@link org.tokend.pkcs11.cryptoki.CryptokiException} go out. May depend on the wrappers and on {@code linux}. */
@NullMarked
package org.tokend.pkcs11.cryptoki;

import org.jspecify.annotations.NullMarked;
