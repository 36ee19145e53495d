package org.tokend.daemon.unlock;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.Pin;
import org.tokend.daemon.prompt.PinPrompt;
import org.tokend.daemon.prompt.PromptAnswer;
import org.tokend.daemon.prompt.PromptRequest;
import org.tokend.daemon.prompt.Withdrawal;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

/** From a token to one presented PIN: which prompt is asked, and whether the try may be made at all. */
final class PinDialog {
    private final PinLedger ledger;
    private final PinPresentation presentation;
    private final PromptWording wording;
    private final TokenEvents events;
    private final TokenNames names;

    PinDialog(PinLedger ledger, PromptWording wording, TokenEvents events, TokenNames names) {
        this.ledger = ledger;
        this.presentation = new PinPresentation(ledger, names);
        this.wording = wording;
        this.events = events;
        this.names = names;
    }

    /** One dialog. @param waiting is told what the person is to do */
    record Scene(Token token, UnlockReason reason, UnlockSettings settings, Withdrawal withdrawal, EventSink waiting) {}

    TriesLeft tries(Token token, UnlockSettings settings) {
        PinTries flags = token.state() instanceof TokenState.LoggedOut state ? state.tries() : PinTries.UNKNOWN;
        return TriesLeft.of(flags, ledger.entry(token.identity()), settings.pinTries());
    }

    <T> T run(Scene scene, PinUse<T> use) throws UnlockException, TokenException {
        TriesLeft tries = tries(scene.token(), scene.settings());
        if (tries.locked()) {
            throw locked(scene.token());
        }
        try {
            return scene.token().pinPad() ? askAtPad(scene, tries, use) : askPrompts(scene, tries, use);
        } catch (TokenException.PinIncorrect e) {
            throw wrong(scene);
        } catch (TokenException.PinLocked e) {
            throw locked(scene.token());
        } catch (TokenException.PinCancelled e) {
            throw cancelled(scene.token());
        }
    }

    /**
     * With a PIN that a program sent. What nobody typed just now never takes the last try.
     *
     * @return false when the person must be asked instead
     */
    boolean runWith(Scene scene, MemorySegment sent, Login login) throws UnlockException, TokenException {
        TriesLeft tries = tries(scene.token(), scene.settings());
        boolean forThePerson = scene.token().pinPad()
                || sent.byteSize() == 0
                || sent.byteSize() > Pin.MAX_BYTES
                || tries.locked()
                || tries.last()
                || ledger.cannotTell(scene.token().identity());
        if (forThePerson) {
            return false;
        }
        try (Pin pin = Pin.of(sent)) {
            return presentation.present(scene.token(), pin, bytes -> {
                login.with(bytes);
                return true;
            });
        } catch (TokenException.PinIncorrect e) {
            throw wrong(scene);
        } catch (TokenException.PinLocked e) {
            throw locked(scene.token());
        }
    }

    /** What a PIN is sent for. */
    interface Login {
        void with(@Nullable MemorySegment pin) throws TokenException;
    }

    private <T> T askAtPad(Scene scene, TriesLeft tries, PinUse<T> use) throws UnlockException, TokenException {
        if (tries.last()) {
            consentToLastTry(scene, tries);
        }
        events.tell(
                scene.token(),
                Reply.Event.Kind.USE_PIN_PAD,
                "Enter the PIN on the pad of the reader for " + names.of(scene.token()),
                scene.waiting());
        return presentation.presentAtPad(scene.token(), use);
    }

    private <T> T askPrompts(Scene scene, TriesLeft tries, PinUse<T> use) throws UnlockException, TokenException {
        Obstacles obstacles = new Obstacles(names.of(scene.token()));
        for (PinPrompt prompt : scene.settings().prompts()) {
            switch (prompt.attended() ? askPerson(scene, prompt, tries) : askFile(scene, prompt, tries, obstacles)) {
                case PromptAnswer.Entered entered -> {
                    try (Pin pin = entered.pin()) {
                        return presentation.present(scene.token(), pin, use);
                    }
                }
                case PromptAnswer.NotAvailable none -> obstacles.add(prompt.name(), none.reason());
                case PromptAnswer.Cancelled no -> throw cancelled(scene.token());
                case PromptAnswer.TimedOut late -> throw timedOut(scene.token());
                case PromptAnswer.Confirmed yes -> throw new IllegalStateException("a PIN was asked for, not a yes");
            }
        }
        throw obstacles.toException();
    }

    /** What nobody typed just now never takes the last try and never repeats a PIN that was refused. */
    private PromptAnswer askFile(Scene scene, PinPrompt prompt, TriesLeft tries, Obstacles obstacles) {
        if (tries.last()) {
            obstacles.unattended(ErrorCode.PIN_LAST_TRY);
            return new PromptAnswer.NotAvailable(
                    "not used, because " + tries.words() + ", and only a person may use that one");
        }
        if (ledger.cannotTell(scene.token().identity())) {
            obstacles.unattended(ErrorCode.PIN_INCORRECT);
            return new PromptAnswer.NotAvailable(
                    "not used, because a PIN was refused and it cannot be told any more whether it was this one");
        }
        PromptAnswer answer = prompt.askPin(request(scene, tries), scene.withdrawal());
        if (answer instanceof PromptAnswer.Entered entered
                && presentation.refusedBefore(scene.token(), entered.pin())) {
            entered.pin().close();
            obstacles.unattended(ErrorCode.PIN_INCORRECT);
            return new PromptAnswer.NotAvailable("its PIN was refused before and is not sent again; " + tries.words());
        }
        return answer;
    }

    private PromptAnswer askPerson(Scene scene, PinPrompt prompt, TriesLeft tries) throws UnlockException {
        events.tell(
                scene.token(),
                Reply.Event.Kind.WAITING_FOR_PIN,
                "Enter the PIN on the prompt for " + names.of(scene.token()),
                scene.waiting());
        if (tries.last()) {
            PromptAnswer answer = prompt.askConsent(
                    wording.lastTry(
                            scene.token(),
                            scene.reason(),
                            tries,
                            scene.settings().promptTimeout()),
                    scene.withdrawal());
            if (answer instanceof PromptAnswer.Cancelled && !scene.withdrawal().withdrawn()) {
                throw lastTry(scene.token(), tries);
            }
            if (!(answer instanceof PromptAnswer.Confirmed)) {
                return answer;
            }
        }
        return prompt.askPin(request(scene, tries), scene.withdrawal());
    }

    private PromptRequest request(Scene scene, TriesLeft tries) {
        return wording.pin(
                scene.token(),
                scene.reason(),
                ledger.entry(scene.token().identity()),
                tries,
                scene.settings().promptTimeout());
    }

    private void consentToLastTry(Scene scene, TriesLeft tries) throws UnlockException {
        PromptRequest question = wording.lastTry(
                scene.token(), scene.reason(), tries, scene.settings().promptTimeout());
        switch (consent(scene, question)) {
            case PromptAnswer.Confirmed yes -> {}
            case PromptAnswer.TimedOut late -> throw timedOut(scene.token());
            default -> throw lastTry(scene.token(), tries);
        }
    }

    /** Asks yes or no through the first prompt that can. */
    PromptAnswer consent(Scene scene, PromptRequest question) throws UnlockException {
        Obstacles obstacles = new Obstacles(names.of(scene.token()));
        for (PinPrompt prompt : scene.settings().prompts()) {
            PromptAnswer answer = prompt.askConsent(question, scene.withdrawal());
            if (answer instanceof PromptAnswer.NotAvailable none) {
                obstacles.add(prompt.name(), none.reason());
            } else {
                return answer;
            }
        }
        throw obstacles.toException();
    }

    /** The tries are counted anew: the flags have changed, and the ledger has. */
    private UnlockException wrong(Scene scene) {
        TriesLeft tries = tries(scene.token(), scene.settings());
        if (tries.locked()) {
            return locked(scene.token());
        }
        String message = names.of(scene.token()) + " refused the PIN: " + tries.words();
        events.tell(scene.token(), Reply.Event.Kind.PIN_REFUSED, message, scene.waiting());
        return new UnlockException(ErrorCode.PIN_INCORRECT, message + "; ask again to enter another one");
    }

    private UnlockException locked(Token token) {
        return new UnlockException(
                ErrorCode.PIN_LOCKED,
                names.of(token) + " is locked after too many wrong PINs; unblock it with its PUK or SO PIN, in the"
                        + " vendor's tool");
    }

    private UnlockException lastTry(Token token, TriesLeft tries) {
        return new UnlockException(
                ErrorCode.PIN_LAST_TRY,
                "no PIN was sent to " + names.of(token) + ": " + tries.words()
                        + ", and the person has not said that it may be used");
    }

    private UnlockException cancelled(Token token) {
        if (token.state() instanceof TokenState.Absent) {
            return new UnlockException(
                    ErrorCode.TOKEN_REMOVED, names.of(token) + " was taken out while its PIN was asked for");
        }
        return new UnlockException(
                ErrorCode.PROMPT_CANCELLED, "the prompt for the PIN of " + names.of(token) + " was cancelled");
    }

    private UnlockException timedOut(Token token) {
        return new UnlockException(
                ErrorCode.PROMPT_TIMEOUT,
                "nobody answered the prompt for the PIN of " + names.of(token) + " in time; ask again");
    }

    /** Why each way to get a PIN could not be used. */
    private static final class Obstacles {
        private final String token;
        private final List<String> reasons = new ArrayList<>();
        private ErrorCode code = ErrorCode.NO_PROMPT;

        Obstacles(String token) {
            this.token = token;
        }

        void add(String prompt, String reason) {
            reasons.add(prompt + ": " + reason);
        }

        /** What stopped an unattended PIN says more than that no person could be asked instead. */
        void unattended(ErrorCode why) {
            code = why;
        }

        UnlockException toException() {
            String tried =
                    reasons.isEmpty() ? "the configuration names no prompt" : "tried " + String.join("; ", reasons);
            return new UnlockException(code, "there is no way to get the PIN of " + token + ": " + tried);
        }
    }
}
