/**
 * What is on a token: handles and attributes come in from {@code cryptoki}, objects that keep their id over removals, restarts and
 * logins go out, with their attributes in memory. Values of secret and private keys are passed on and never kept. Depends on
 * {@code cryptoki} only.
 */
@NullMarked
package org.tokend.pkcs11.object;

import org.jspecify.annotations.NullMarked;
