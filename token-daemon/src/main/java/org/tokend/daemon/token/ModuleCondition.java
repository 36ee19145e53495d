package org.tokend.daemon.token;

import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Reply;

/**
 * How a module is at one moment.
 *
 * @param problem why it is not ready, or shows nothing though it is; or null
 */
record ModuleCondition(Reply.ModuleState state, @Nullable String problem) {
    static final ModuleCondition STARTING = new ModuleCondition(Reply.ModuleState.STARTING, null);
    static final ModuleCondition READY = new ModuleCondition(Reply.ModuleState.READY, null);
    static final ModuleCondition BLANK = new ModuleCondition(Reply.ModuleState.READY, "shows blank tokens only");

    static ModuleCondition failed(String reason) {
        return new ModuleCondition(Reply.ModuleState.FAILED, reason);
    }

    boolean isReady() {
        return state == Reply.ModuleState.READY;
    }

    /** Why the module may not show what somebody looks for, or null. */
    @Nullable
    String shortcoming(String module) {
        String subject = "the module " + module;
        return switch (state) {
            case STARTING -> subject + " is still starting";
            case FAILED -> subject + " has failed: " + problem;
            case READY -> problem == null ? null : subject + " " + problem;
        };
    }
}
