/** Sessions and logins of one token: a module comes in, leases of logged-in sessions go out, each of one generation. Depends on {@code host}, {@code cryptoki}. */
@NullMarked
package org.tokend.pkcs11.session;

import org.jspecify.annotations.NullMarked;
