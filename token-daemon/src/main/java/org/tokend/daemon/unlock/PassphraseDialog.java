package org.tokend.daemon.unlock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.prompt.Pin;
import org.tokend.daemon.prompt.PinPrompt;
import org.tokend.daemon.prompt.PromptAnswer;
import org.tokend.protocol.ErrorCode;

/** Asks a person for the passphrase of a file; a new one twice. Files with PINs are not asked: they know none. */
final class PassphraseDialog {
    private static final int ROUNDS = 3;

    private final PromptWording wording;

    PassphraseDialog(PromptWording wording) {
        this.wording = wording;
    }

    /** @return to be closed by the caller */
    Pin ask(PinDialog.Scene scene) throws UnlockException {
        return entered(scene, PromptWording.Passphrase.OPEN, null);
    }

    /** @return to be closed by the caller */
    Pin askNew(PinDialog.Scene scene) throws UnlockException {
        String warning = null;
        for (int round = 0; round < ROUNDS; round++) {
            Pin first = entered(scene, PromptWording.Passphrase.NEW, warning);
            boolean same = false;
            try (Pin second = entered(scene, PromptWording.Passphrase.AGAIN, null)) {
                same = first.length() > 0 && first.segment().mismatch(second.segment()) == -1;
            } finally {
                if (!same) {
                    first.close();
                }
            }
            if (same) {
                return first;
            }
            warning = "The two differ, or are empty. Once more.";
        }
        throw new UnlockException(ErrorCode.PROMPT_CANCELLED, "the new passphrase was not entered twice the same");
    }

    private Pin entered(PinDialog.Scene scene, PromptWording.Passphrase kind, @Nullable String warning)
            throws UnlockException {
        List<String> obstacles = new ArrayList<>();
        for (PinPrompt prompt : scene.settings().prompts()) {
            if (!prompt.attended()) {
                continue;
            }
            switch (prompt.askPin(
                    wording.passphrase(
                            scene.token(),
                            scene.reason(),
                            kind,
                            warning,
                            scene.settings().promptTimeout()),
                    scene.withdrawal())) {
                case PromptAnswer.Entered entered -> {
                    return entered.pin();
                }
                case PromptAnswer.NotAvailable none -> obstacles.add(prompt.name() + ": " + none.reason());
                case PromptAnswer.TimedOut late ->
                    throw new UnlockException(ErrorCode.PROMPT_TIMEOUT, "nobody entered the passphrase in time");
                case PromptAnswer.Cancelled no ->
                    throw new UnlockException(
                            ErrorCode.PROMPT_CANCELLED, "the prompt for the passphrase was cancelled");
                case PromptAnswer.Confirmed yes -> throw new IllegalStateException("a passphrase was asked for");
            }
        }
        throw new UnlockException(
                ErrorCode.NO_PROMPT,
                "there is no way to ask for the passphrase: "
                        + (obstacles.isEmpty()
                                ? "the configuration names no prompt that a person answers"
                                : "tried " + String.join("; ", obstacles)));
    }
}
