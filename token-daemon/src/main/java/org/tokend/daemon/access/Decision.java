package org.tokend.daemon.access;

/** What the policy says. */
public sealed interface Decision {

    record Granted(Grant grant) implements Decision {}

    /** @param reason one sentence for the caller */
    record Denied(String reason) implements Decision {}

    /** The grant holds once the person has said yes. */
    record NeedsConfirmation(Grant grant) implements Decision {}
}
