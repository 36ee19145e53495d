/** Software keys in the place of tokens, and OpenSSL as the peer, for the tests of this module. */
@NullMarked
package org.tokend.smime.testing;

import org.jspecify.annotations.NullMarked;
