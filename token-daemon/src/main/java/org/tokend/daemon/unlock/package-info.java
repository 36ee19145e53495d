/**
 * Logins: a token and a reason come in; the token is logged in, or an error that says what the person did, goes out. Keeps
 * logins, never PINs. May depend on {@code prompt}, {@code event}, {@code config}, {@code access} (for {@code Caller}), the wire contract and
 * the bridge.
 */
@NullMarked
package org.tokend.daemon.unlock;

import org.jspecify.annotations.NullMarked;
