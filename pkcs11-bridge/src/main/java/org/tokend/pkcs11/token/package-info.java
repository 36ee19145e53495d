/** Tokens as the daemon uses them: modules come in, tokens that list keys, log in, sign and decrypt go out. The top of the bridge; may depend on all of it. */
@NullMarked
package org.tokend.pkcs11.token;

import org.jspecify.annotations.NullMarked;
