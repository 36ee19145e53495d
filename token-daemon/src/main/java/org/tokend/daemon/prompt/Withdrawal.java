package org.tokend.daemon.prompt;

import org.jspecify.annotations.Nullable;

/** Takes a prompt off the screen from another thread. Thread-safe; once withdrawn it stays so. */
public final class Withdrawal {
    private boolean withdrawn;
    private @Nullable Runnable action;

    public synchronized void withdraw() {
        withdrawn = true;
        if (action != null) {
            action.run();
        }
    }

    public synchronized boolean withdrawn() {
        return withdrawn;
    }

    /** What ends the prompt that is open now. */
    synchronized void onWithdraw(Runnable endsPrompt) {
        action = endsPrompt;
        if (withdrawn) {
            endsPrompt.run();
        }
    }

    synchronized void promptEnded() {
        action = null;
    }
}
