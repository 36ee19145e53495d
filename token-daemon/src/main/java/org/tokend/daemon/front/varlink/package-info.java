/**
 * The native protocol: frames of a connection come in, requests go to the dispatcher, replies and events go back as frames.
 * May depend on {@code transport}, {@code access} (to name the caller), {@code event}, {@code dispatch} and the wire contract.
 */
@NullMarked
package org.tokend.daemon.front.varlink;

import org.jspecify.annotations.NullMarked;
