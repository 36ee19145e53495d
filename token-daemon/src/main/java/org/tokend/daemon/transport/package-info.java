/**
 * Unix sockets: programs connect, {@link org.tokend.daemon.transport.Connection}s of peers that may speak go out, each with
 * the kernel's word on who they are, read before their first byte. Knows nothing of messages. Depends on jnr-unixsocket and the bridge's
 * {@code linux} only.
 */
@NullMarked
package org.tokend.daemon.transport;

import org.jspecify.annotations.NullMarked;
