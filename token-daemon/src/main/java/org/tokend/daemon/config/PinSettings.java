package org.tokend.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the person is asked and how long the answer holds.
 *
 * @param prompts tried in this order until one can ask
 * @param idleLock a token that is not used for this long is locked
 * @param absoluteLock a token is locked this long after the PIN was given, used or not
 */
public record PinSettings(
        List<PromptKind> prompts, Path pinentry, Duration promptTimeout, Duration idleLock, Duration absoluteLock) {

    public static PinSettings defaults() {
        return new PinSettings(
                List.of(PromptKind.PINENTRY, PromptKind.ASK_PASSWORD),
                Path.of("/usr/bin/pinentry"),
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                Duration.ofHours(2));
    }

    /** Ways to ask a person. */
    public enum PromptKind {
        PINENTRY,
        ASK_PASSWORD
    }
}
