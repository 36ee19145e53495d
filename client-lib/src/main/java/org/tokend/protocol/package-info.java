/**
 * The wire contract of the native socket, used by both ends: what comes in are bytes of JSON frames, what goes out are
 * {@link org.tokend.protocol.Request} and {@link org.tokend.protocol.Reply} values, and back again. May depend on
 * jackson-core and the JDK only.
 */
@NullMarked
package org.tokend.protocol;

import org.jspecify.annotations.NullMarked;
