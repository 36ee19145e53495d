package org.tokend.pkcs11.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SignInit;
import org.tokend.pkcs11.host.Pkcs11Module;

/**
 * The sessions of one token: leased in order of arrival, never more than the token allows, each of one generation. What
 * fails between Init and the end of an operation is closed, never pooled. Thread-safe; no lock that {@link #generation()} or
 * {@link #end} takes is held over a call into the module.
 */
public final class SessionPool {
    private final Pkcs11Module module;
    private final TokenIdentity token;
    private final SessionLimits limits;
    private final TokenProbe probe;

    private final Turnstile turnstile;
    private final ReentrantLock probing = new ReentrantLock(true);

    private final Object lock = new Object();
    private volatile Generation current;
    private final SessionShelf shelf;
    private final Lending lending;
    private int failures;
    private int absences;
    private volatile String lastFailure = "";
    private volatile long usedAt = System.nanoTime();

    /** @param slot where the token has just been seen, in the module's present generation */
    public SessionPool(
            Pkcs11Module module, TokenIdentity token, SessionLimits limits, TokenSlot slot, long moduleGeneration) {
        this.module = module;
        this.token = token;
        this.limits = limits;
        this.probe = new TokenProbe(module, token, limits.readWrite());
        this.turnstile = new Turnstile(limits.seats(slot));
        this.shelf = new SessionShelf(limits.pause());
        this.lending = new Lending(this, probe, turnstile, lock, shelf);
        LoginState login = slot.initialLogin();
        this.current = new Generation(1, login, login, slot, moduleGeneration, false);
    }

    /** Never blocks on the module. */
    public Generation generation() {
        return current;
    }

    /** Whether what was read in a generation still holds, as far as is known without asking. Never blocks. */
    public boolean holds(long generation) {
        Generation now = current;
        return now.number() == generation
                && now.login() != LoginState.UNCERTAIN
                && now.login() != LoginState.ABSENT
                && now.moduleGeneration() == module.generation();
    }

    /**
     * Waits for a session.
     *
     * @param alone nothing else may happen on the token until the lease is closed
     */
    public SessionLease lease(boolean alone) throws TokenException {
        return lease(alone, null, limits.patience());
    }

    /**
     * As {@link #lease(boolean)}, for one signature beside what others do.
     *
     * @param wanted what C_SignInit would be called with
     */
    public SessionLease lease(SignInit wanted) throws TokenException {
        return lease(false, wanted, limits.patience());
    }

    /** @throws TokenException.Busy when no session is free at once */
    public SessionLease leaseNow() throws TokenException {
        return lease(false, null, Duration.ZERO);
    }

    private SessionLease lease(boolean alone, @Nullable SignInit wanted, Duration patience) throws TokenException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int attempt = 0; ; attempt++) {
            Turnstile.Pass pass = turnstile.enter(alone, deadline);
            if (pass == null) {
                throw new TokenException.Busy("No session on the token " + token + " became free within "
                        + patience.toSeconds() + " s; try again.");
            }
            boolean held = true;
            try {
                SessionLease lease = lending.lend(certain(deadline), wanted, pass::giveBack);
                held = false;
                return lease;
            } catch (CryptokiException e) {
                if (e.returnValue() == CKR.SESSION_COUNT && hasSessions()) {
                    held = false;
                    pass.forfeit();
                    continue;
                }
                end(current.number(), e.getMessage(), false);
                if (attempt > 0) {
                    throw probe.failed(e);
                }
            } finally {
                if (held) {
                    pass.giveBack();
                }
            }
        }
    }

    /** A token that gives us no more sessions has its limit at those that we have. */
    private boolean hasSessions() {
        synchronized (lock) {
            return shelf.open() > 0;
        }
    }

    /** The present generation, after a look at the token where something is not certain. */
    private Generation certain(long deadline) throws TokenException, CryptokiException {
        Generation generation = current;
        if (isCertain(generation)) {
            return generation;
        }
        try {
            if (!probing.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new TokenException.Busy("The token " + token + " is being looked for; try again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenException.Busy("Interrupted while the token " + token + " was looked for.");
        }
        try {
            generation = current;
            return isCertain(generation) ? generation : lookAgain(generation);
        } finally {
            probing.unlock();
        }
    }

    private boolean isCertain(Generation generation) throws TokenException.Removed {
        if (generation.login() == LoginState.ABSENT) {
            throw probe.absent();
        }
        return generation.login() != LoginState.UNCERTAIN && generation.moduleGeneration() == module.generation();
    }

    private Generation lookAgain(Generation before) throws TokenException, CryptokiException {
        if (before.moduleGeneration() != module.generation()) {
            end(before.number(), "the module was started again", false);
        } else if (failuresInARow()) {
            module.restart(before.moduleGeneration(), "token " + token + ": " + lastFailure);
        }
        try (Cryptoki connection = probe.connect()) {
            return lookAgain(connection, module.generation());
        }
    }

    private Generation lookAgain(Cryptoki connection, long moduleGeneration) throws TokenException, CryptokiException {
        Generation uncertain = current;
        // The login lives for as long as one session is open: only those are closed now that stand in the way of a new
        // one.
        closeRetired(connection, moduleGeneration, roomForRetired());
        TokenProbe.Found found = probe.look(connection, uncertain.logoutFirst());
        closeRetired(connection, moduleGeneration, 0);
        if (found == null) {
            absent(uncertain);
            throw probe.absent();
        }
        synchronized (lock) {
            if (current.number() != uncertain.number()) {
                shelf.retire(found.session(), moduleGeneration);
            } else {
                current = uncertain.seen(found.login(), found.slot(), moduleGeneration);
                shelf.begin(found.session());
                turnstile.restore();
            }
            return current;
        }
    }

    private int roomForRetired() {
        synchronized (lock) {
            return Math.max(0, turnstile.limit() - shelf.leased() - 1);
        }
    }

    private boolean failuresInARow() {
        synchronized (lock) {
            boolean many = failures >= 3;
            failures = many ? 0 : failures;
            return many;
        }
    }

    /** Handles, sessions and login hold no longer. Never blocks; the next lease looks at the token again. */
    public void end(long generation, @Nullable String reason, boolean loginLost) {
        synchronized (lock) {
            if (current.number() != generation || current.login() == LoginState.ABSENT) {
                return;
            }
            lastFailure = String.valueOf(reason);
            if (current.login() != LoginState.UNCERTAIN) {
                failures++;
            }
            shelf.end(current.moduleGeneration());
            current = current.uncertain(loginLost);
        }
    }

    /** Ends the generation and the login: all sessions that are open are the caller's to close. */
    List<Long> takeAll(SessionLease alone) {
        synchronized (lock) {
            List<Long> sessions = shelf.takeAll(alone.generation().moduleGeneration());
            sessions.add(alone.take());
            current = isPresent() ? current.uncertain(true) : current;
            return sessions;
        }
    }

    /** What has begun in one session is in the way of another: no more is begun ahead. */
    public void beginNothingAhead() {
        synchronized (lock) {
            shelf.run().refuse();
        }
    }

    /** A private key was used and the answer was right: the token is well. */
    public void proven() {
        usedAt = System.nanoTime();
        synchronized (lock) {
            failures = 0;
        }
    }

    /** Whether a private key was used, or the token was seen first, within so many nanoseconds. Never blocks. */
    public boolean usedWithin(long nanos) {
        return System.nanoTime() - usedAt < nanos;
    }

    /** A login or logout on the lease's session succeeded: a new generation begins, and its sessions stay open. */
    void loginChanged(SessionLease lease, LoginState state) {
        synchronized (lock) {
            if (current.number() == lease.generation().number()) {
                current = current.next(state);
                lease.moveTo(current);
            }
        }
    }

    /** What the token says of itself now. */
    public void refresh(TokenSlot slot) {
        synchronized (lock) {
            current = current.refreshed(slot);
        }
    }

    /**
     * The token has just been seen.
     *
     * @return whether it had not been there before
     */
    public boolean seen(TokenSlot slot, long moduleGeneration) {
        synchronized (lock) {
            if (current.login() == LoginState.ABSENT) {
                current = current.seen(slot.initialLogin(), slot, moduleGeneration);
                return true;
            }
            boolean moved = current.slot() == null || current.slot().slot() != slot.slot();
            if (moved || current.moduleGeneration() != moduleGeneration) {
                end(current.number(), "the token moved to another slot", false);
            }
            current = current.refreshed(slot);
            return false;
        }
    }

    /**
     * The token has been looked for and not been found. Closes what is left of its sessions.
     *
     * @return whether it had been there before
     */
    public boolean gone() {
        boolean wasThere = absent(current);
        if (wasThere && module.generation() == current.moduleGeneration()) {
            try (Cryptoki connection = module.connect()) {
                closeRetired(connection, module.generation(), 0);
            } catch (CryptokiException e) {
                // With its host they are gone.
            }
        }
        return wasThere;
    }

    private boolean absent(Generation seen) {
        synchronized (lock) {
            if (current.number() != seen.number() || current.login() == LoginState.ABSENT) {
                return false;
            }
            end(current.number(), "the token was removed", false);
            failures = 0;
            absences++;
            current = current.next(LoginState.ABSENT);
            return true;
        }
    }

    /** How often the token has been away: what comes back may be another one that says the same of itself. */
    public int absences() {
        synchronized (lock) {
            return absences;
        }
    }

    /** Whether the token was in a slot when it was looked for last. */
    public boolean isPresent() {
        return current.login() != LoginState.ABSENT;
    }

    /** Whether nothing on the token may be disturbed right now. */
    public boolean mustBeQuiet() {
        return turnstile.somebodyIsAlone();
    }

    private void closeRetired(Cryptoki connection, long moduleGeneration, int butFor) {
        List<Long> closing;
        synchronized (lock) {
            closing = shelf.takeRetired(moduleGeneration, butFor);
        }
        closing.forEach(session -> TokenProbe.close(connection, session));
    }

    /** Closes all sessions that are not leased. */
    public void close() {
        gone();
    }
}
