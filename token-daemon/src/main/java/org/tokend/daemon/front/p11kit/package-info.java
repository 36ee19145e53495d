/**
 * The protocol of {@code p11-kit-client.so}: bytes of a connection come in, calls go to the application's view, replies go back.
 * May depend on {@code transport}, {@code access} (to name the caller), {@code application} and the bridge's {@code rpc},
 * {@code application} and {@code cryptoki}.
 */
@NullMarked
package org.tokend.daemon.front.p11kit;

import org.jspecify.annotations.NullMarked;
