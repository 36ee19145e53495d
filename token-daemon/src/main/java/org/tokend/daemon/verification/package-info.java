/**
 * Signatures come in with the public key that they should verify with, yes or no goes out: nothing wrong is released. May
 * depend on the wire contract, the bridge's vocabulary, Conscrypt and Bouncy Castle.
 */
@NullMarked
package org.tokend.daemon.verification;

import org.jspecify.annotations.NullMarked;
