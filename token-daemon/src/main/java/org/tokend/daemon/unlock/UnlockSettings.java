package org.tokend.daemon.unlock;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.tokend.daemon.prompt.PinPrompt;

/**
 * How one token is unlocked and for how long.
 *
 * @param prompts tried in this order until one can ask
 * @param idleLock the login ends when the token was not used for so long
 * @param absoluteLock the login ends this long after it began
 * @param pinTries how many wrong PINs in a row the token allows, if its owner says
 */
public record UnlockSettings(
        List<PinPrompt> prompts,
        Duration promptTimeout,
        Duration idleLock,
        Duration absoluteLock,
        OptionalInt pinTries) {

    public UnlockSettings {
        prompts = List.copyOf(prompts);
    }
}
