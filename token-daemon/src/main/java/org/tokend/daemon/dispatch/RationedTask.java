package org.tokend.daemon.dispatch;

import org.jspecify.annotations.Nullable;

/** A task that a forger would want to repeat with many ciphertexts. */
interface RationedTask {

    /** What counts against the budget, or null when nothing does. */
    byte @Nullable [] rationedCiphertext();
}
