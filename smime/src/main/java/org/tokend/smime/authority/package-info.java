/**
 * A small CA whose key is on a token: requests, certificates and earlier lists come in, certificates and revocation lists go out. May depend
 * on {@code cms} for the names of algorithms, on {@code certificate}, on client-lib and on Bouncy Castle.
 */
@NullMarked
package org.tokend.smime.authority;

import org.jspecify.annotations.NullMarked;
