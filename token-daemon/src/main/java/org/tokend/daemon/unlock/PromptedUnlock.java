package org.tokend.daemon.unlock;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.CallerTerminal;
import org.tokend.daemon.prompt.Pin;
import org.tokend.daemon.prompt.PromptAnswer;
import org.tokend.daemon.prompt.Withdrawal;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;
import org.tokend.protocol.TokenDescription;

/** Keeps logins by asking people and files for PINs. */
public final class PromptedUnlock implements UnlockService {
    private static final Logger LOG = LoggerFactory.getLogger(PromptedUnlock.class);
    /** For what follows the typing: C_Login on a slow card, reading its objects. */
    private static final Duration LOGIN_LIMIT = Duration.ofMinutes(2);

    private final Function<Token, UnlockSettings> settings;
    private final PinLedger ledger;
    private final LoginClock clock;
    private final LoginJournal journal;
    private final TokenNames names = new TokenNames();
    private final PromptWording wording = new PromptWording(new CallerTerminal());
    private final TokenEvents events;
    private final PinDialog dialog;
    private final PassphraseDialog passphrases = new PassphraseDialog(wording);
    private final Map<Token, TokenLogin> logins = new ConcurrentHashMap<>();

    /** @param settings what holds for a token, by configuration */
    public PromptedUnlock(
            Function<Token, UnlockSettings> settings,
            PinLedger ledger,
            EventBus bus,
            LoginClock clock,
            LoginJournal journal) {
        this.journal = journal;
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
        this.events = new TokenEvents(bus, names);
        this.dialog = new PinDialog(ledger, wording, events, names);
    }

    private TokenLogin login(Token token) {
        return logins.computeIfAbsent(token, unused -> new TokenLogin());
    }

    @Override
    public void ensureUnlocked(Token token, UnlockReason reason, EventSink sink)
            throws UnlockException, TokenException {
        ensureUnlocked(token, reason, null, sink);
    }

    @Override
    public void ensureUnlocked(Token token, UnlockReason reason, @Nullable MemorySegment pin, EventSink sink)
            throws UnlockException, TokenException {
        TokenLogin login = login(token);
        switch (token.state()) {
            case TokenState.NoLoginNeeded none -> {}
            case TokenState.LoggedIn in -> {
                if (!inTime(token, login)) {
                    unlock(token, login, reason, pin, sink);
                }
            }
            case TokenState.LoggedOut out -> unlock(token, login, reason, pin, sink);
            case TokenState.Absent gone ->
                throw new TokenException.Removed(names.of(token) + " is not there; insert it and ask again");
            case TokenState.Failed failed ->
                throw new TokenException.ModuleUnavailable(names.of(token) + " cannot be used: " + failed.reason());
        }
    }

    /** Whether the login holds; one whose time is over is ended here, so that no request slips in before the clock ticks. */
    private boolean inTime(Token token, TokenLogin login) {
        Optional<LoginTime> time = login.time();
        if (time.isEmpty()) {
            login.began(time(token));
            return true;
        }
        Optional<String> over = time.get().over();
        if (over.isPresent()) {
            end(token, login, over.get());
            return false;
        }
        time.get().touch();
        return true;
    }

    private LoginTime time(Token token) {
        UnlockSettings now = settings.apply(token);
        return new LoginTime(clock, now.idleLock(), now.absoluteLock());
    }

    private void unlock(
            Token token, TokenLogin login, UnlockReason reason, @Nullable MemorySegment sent, EventSink sink)
            throws UnlockException, TokenException {
        if (sent != null && unlockedBySent(token, login, reason, sent, sink)) {
            return;
        }
        Duration limit = settings.apply(token).promptTimeout().multipliedBy(3).plus(LOGIN_LIMIT);
        UnlockAttempt joined = login.join(attempt -> Thread.ofPlatform()
                .daemon()
                .name("unlock " + token.identity().label())
                .start(() -> run(token, login, attempt, reason)));
        try {
            joined.await(sink, limit);
        } finally {
            login.leave(joined);
        }
    }

    private boolean unlockedBySent(
            Token token, TokenLogin login, UnlockReason reason, MemorySegment sent, EventSink sink)
            throws UnlockException, TokenException {
        Withdrawal withdrawal = login.openPrompt();
        PinDialog.Scene scene = new PinDialog.Scene(token, reason, settings.apply(token), withdrawal, sink);
        try {
            return inTurn(token, login, () -> {
                if (!(token.state() instanceof TokenState.LoggedIn)) {
                    if (!dialog.runWith(scene, sent, token::login)) {
                        return false;
                    }
                    loggedIn(scene, login);
                }
                return true;
            });
        } finally {
            login.promptEnded(withdrawal);
        }
    }

    private void run(Token token, TokenLogin login, UnlockAttempt attempt, UnlockReason reason) {
        Throwable failure = null;
        try {
            inTurn(token, login, () -> {
                logIn(token, login, attempt, reason);
                return true;
            });
        } catch (Throwable e) {
            failure = e;
        }
        // In this order: who comes after the end must begin anew, not join what has ended.
        login.attemptEnded(attempt);
        if (failure == null) {
            attempt.succeeded();
        } else {
            attempt.failed(failure);
        }
    }

    private void logIn(Token token, TokenLogin login, UnlockAttempt attempt, UnlockReason reason)
            throws UnlockException, TokenException {
        if (token.state() instanceof TokenState.LoggedIn) {
            return; // Somebody else's context PIN came with a login, or the token needed none after all.
        }
        PinDialog.Scene scene =
                new PinDialog.Scene(token, reason, settings.apply(token), attempt.withdrawal(), attempt.waiting());
        dialog.run(scene, pin -> {
            token.login(pin);
            return true;
        });
        loggedIn(scene, login);
    }

    private void loggedIn(PinDialog.Scene scene, TokenLogin login) throws UnlockException, TokenException {
        Token token = scene.token();
        if (scene.withdrawal().withdrawn()) {
            token.logout();
            throw new UnlockException(
                    ErrorCode.PROMPT_CANCELLED, names.of(token) + " was locked while its PIN was checked");
        }
        try {
            journal.began(token, scene.reason().caller());
        } catch (UnlockException e) {
            token.logout();
            throw e;
        }
        login.began(time(token));
        events.tell(token, Reply.Event.Kind.TOKEN_UNLOCKED, names.of(token) + " is unlocked", scene.waiting());
    }

    private interface Dialog<T> {
        T run() throws UnlockException, TokenException;
    }

    private <T> T inTurn(Token token, TokenLogin login, Dialog<T> inside) throws UnlockException, TokenException {
        Duration wait = settings.apply(token).promptTimeout();
        try {
            if (!login.promptTurn.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new UnlockException(
                        ErrorCode.BUSY, "another prompt for " + names.of(token) + " is still open; ask again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnlockException(ErrorCode.SHUTTING_DOWN, "tokend is going down; ask again when it is back");
        }
        try {
            return inside.run();
        } finally {
            login.promptTurn.unlock();
        }
    }

    @Override
    public <T> T withContextPin(Token token, KeyDescriptor key, UnlockReason reason, EventSink sink, PinUse<T> use)
            throws UnlockException, TokenException {
        TokenLogin login = login(token);
        Withdrawal withdrawal = login.openPrompt();
        try (Vigil vigil = new Vigil(sink, withdrawal)) {
            PinDialog.Scene scene = new PinDialog.Scene(token, reason, settings.apply(token), withdrawal, sink);
            T result = inTurn(token, login, () -> dialog.run(scene, use));
            touched(token);
            return result;
        } finally {
            login.promptEnded(withdrawal);
        }
    }

    @Override
    public void confirm(Token token, UnlockReason reason, EventSink sink) throws UnlockException {
        TokenLogin login = login(token);
        Withdrawal withdrawal = login.openPrompt();
        try (Vigil vigil = new Vigil(sink, withdrawal)) {
            UnlockSettings now = settings.apply(token);
            PinDialog.Scene scene = new PinDialog.Scene(token, reason, now, withdrawal, sink);
            PromptAnswer answer = inTurn(
                    token, login, () -> dialog.consent(scene, wording.consent(token, reason, now.promptTimeout())));
            switch (answer) {
                case PromptAnswer.Confirmed yes -> {}
                case PromptAnswer.TimedOut late ->
                    throw new UnlockException(
                            ErrorCode.PROMPT_TIMEOUT, "nobody answered the question about " + names.of(token));
                default ->
                    throw new UnlockException(
                            ErrorCode.PROMPT_CANCELLED, "the person did not allow the use of " + names.of(token));
            }
        } catch (TokenException e) {
            throw new IllegalStateException("a question does not use the token", e);
        } finally {
            login.promptEnded(withdrawal);
        }
    }

    @Override
    public <T, E extends Exception> T withPassphrase(
            Token token, UnlockReason reason, boolean isNew, EventSink sink, PassphraseUse<T, E> use)
            throws UnlockException, E {
        TokenLogin login = login(token);
        Withdrawal withdrawal = login.openPrompt();
        PinDialog.Scene scene = new PinDialog.Scene(token, reason, settings.apply(token), withdrawal, sink);
        try (Vigil vigil = new Vigil(sink, withdrawal);
                Pin passphrase = passphrase(scene, login, isNew)) {
            return use.with(passphrase);
        } finally {
            login.promptEnded(withdrawal);
        }
    }

    private Pin passphrase(PinDialog.Scene scene, TokenLogin login, boolean isNew) throws UnlockException {
        try {
            return inTurn(scene.token(), login, () -> isNew ? passphrases.askNew(scene) : passphrases.ask(scene));
        } catch (TokenException e) {
            throw new IllegalStateException("a question does not use the token", e);
        }
    }

    @Override
    public void lock(Token token) {
        TokenLogin login = login(token);
        login.withdrawPrompts();
        if (token.state() instanceof TokenState.LoggedIn) {
            end(token, login, "it was asked for");
        }
    }

    private void end(Token token, TokenLogin login, String why) {
        synchronized (login) {
            if (!(token.state() instanceof TokenState.LoggedIn)) {
                return;
            }
            login.ended();
            token.logout();
        }
        journal.ended(token, why);
        LOG.info("{} is locked: {}", names.of(token), why);
        events.tell(token, Reply.Event.Kind.TOKEN_LOCKED, names.of(token) + " is locked: " + why, EventSink.NONE);
    }

    @Override
    public void touched(Token token) {
        login(token).time().ifPresent(LoginTime::touch);
    }

    @Override
    public TokenDescription.Tries tries(Token token) {
        return dialog.tries(token, settings.apply(token)).wire();
    }

    /** Until the time of the first login is over, if none is used. */
    public Optional<Duration> untilFirstEnd() {
        return logins.values().stream()
                .flatMap(login -> login.time().stream())
                .map(LoginTime::left)
                .min(Comparator.naturalOrder());
    }

    /** Ends the logins whose time is over, and forgets those that ended by themselves. To be called every few seconds. */
    public void tick() {
        logins.forEach((token, login) -> {
            switch (token.state()) {
                case TokenState.LoggedIn in -> tick(token, login);
                case TokenState.Absent gone -> absent(token, login);
                default -> login.ended();
            }
        });
    }

    private void tick(Token token, TokenLogin login) {
        Optional<LoginTime> time = login.time();
        if (time.isEmpty()) {
            login.began(time(token));
            return;
        }
        // On a thread of its own: a token that hangs must not keep the others unlocked.
        time.get()
                .over()
                .ifPresent(why -> Thread.ofPlatform()
                        .daemon()
                        .name("lock " + token.identity().label())
                        .start(() -> end(token, login, why)));
    }

    private void absent(Token token, TokenLogin login) {
        login.ended();
        login.withdrawPrompts();
        try {
            ledger.removed(token.identity());
        } catch (IOException e) {
            LOG.warn("the record of wrong PINs of {} cannot be written: {}", names.of(token), e.getMessage());
        }
    }

    /** How many requests wait for one prompt. */
    int waitersOf(Token token) {
        return login(token).waiters();
    }

    /** Takes every prompt off the screen. */
    @Override
    public void close() {
        logins.values().forEach(TokenLogin::withdrawPrompts);
    }
}
