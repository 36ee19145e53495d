/**
 * Who asks, and what they may do: a request and a key come in, a {@link org.tokend.daemon.access.Grant} or a refusal goes
 * out. The only authorisation point of the daemon; a pure function. May depend on the wire contract and the bridge's
 * vocabulary.
 */
@NullMarked
package org.tokend.daemon.access;

import org.jspecify.annotations.NullMarked;
