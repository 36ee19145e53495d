/** Front ends: bytes of one protocol come in, {@code Request}s go out, and replies back. One package for each protocol. */
@NullMarked
package org.tokend.daemon.front;

import org.jspecify.annotations.NullMarked;
