package org.tokend.daemon.dispatch;

import org.jspecify.annotations.Nullable;
import org.tokend.daemon.token.FoundKey;

/** How far a request came, for its record. */
final class Trace {
    @Nullable
    FoundKey found;
}
