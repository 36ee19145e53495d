/**
 * What the keys of CAs sign: the bytes of a certificate or of a revocation list come in, what they say and whether this key may sign
 * them comes out; and the occasions on which a person lets such a key be used at all. May depend on {@code access}, the protocol and
 * Bouncy Castle's ASN.1.
 */
@NullMarked
package org.tokend.daemon.issuance;

import org.jspecify.annotations.NullMarked;
