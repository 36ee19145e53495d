/**
 * PKCS#11 applications as the daemon sees them: a caller comes in, the gate that its calls go through goes out. Uses of keys
 * and logins become the same requests as those of the native socket; errors become return values here and nowhere else. May
 * depend on {@code dispatch} and what that may depend on, on the bridge's {@code application} and on return values and
 * mechanisms of {@code cryptoki}.
 */
@NullMarked
package org.tokend.daemon.application;

import org.jspecify.annotations.NullMarked;
