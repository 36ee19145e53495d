package org.tokend.pkcs11.session;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SignInit;

/** Gives the sessions of a pool to those who have a seat, and takes them back. Opens them when first needed. */
final class Lending {
    /** A token that allows fewer sessions keeps them for what is asked of it now. */
    private static final int ENOUGH_SESSIONS = 4;

    private final SessionPool pool;
    private final TokenProbe probe;
    private final Turnstile turnstile;

    /** The pool's: guards its present generation and the shelf. */
    private final Object lock;

    private final SessionShelf shelf;

    Lending(SessionPool pool, TokenProbe probe, Turnstile turnstile, Object lock, SessionShelf shelf) {
        this.pool = pool;
        this.probe = probe;
        this.turnstile = turnstile;
        this.lock = lock;
        this.shelf = shelf;
    }

    /** @param wanted the signature that it is for; null when it is for something else */
    SessionLease lend(Generation generation, @Nullable SignInit wanted, Runnable release)
            throws TokenException, CryptokiException {
        Cryptoki connection = probe.connect(generation.moduleGeneration());
        boolean complete = false;
        try {
            Long begun = null;
            Long session = null;
            Long inTheWay = null;
            long run = 0;
            synchronized (lock) {
                if (isPresent(generation)) {
                    run = shelf.run().next(wanted, generation.number(), System.nanoTime());
                    begun = shelf.run().takeBegun();
                    session = begun == null ? shelf.take() : begun;
                    boolean full = session == null && shelf.open() >= turnstile.limit();
                    inTheWay = full ? shelf.takeUnneeded() : null;
                }
            }
            close(connection, inTheWay);
            boolean fresh = session == null;
            if (session == null) {
                session = open(connection, generation);
            }
            Long refused;
            synchronized (lock) {
                shelf.lent(fresh && isPresent(generation));
                refused = shelf.run().isRefused() ? shelf.takeUnneeded() : null;
            }
            close(connection, refused);
            boolean again = wanted != null && connection.initsAhead() && mayBeginAhead(connection, generation);
            complete = true;
            return new SessionLease(
                    this, generation, connection, session, new Ahead(begun != null, again), run, release);
        } finally {
            if (!complete) {
                connection.close();
            }
        }
    }

    private boolean isPresent(Generation generation) {
        return pool.generation().number() == generation.number();
    }

    private long open(Cryptoki connection, Generation generation) throws CryptokiException {
        return probe.open(connection, Objects.requireNonNull(generation.slot()));
    }

    private static void close(Cryptoki connection, @Nullable Long session) {
        if (session != null) {
            TokenProbe.close(connection, session);
        }
    }

    /**
     * Whether in the session that is lent another signature may begin when this one is out. Beside it an idle one is kept open, for
     * whatever else comes: closing the last one would end the login.
     */
    private boolean mayBeginAhead(Cryptoki connection, Generation generation) {
        Long spent;
        boolean others;
        synchronized (lock) {
            if (!isPresent(generation)
                    || !shelf.run().goesOn()
                    || shelf.leased() > 1
                    || turnstile.limit() < ENOUGH_SESSIONS) {
                return false;
            }
            spent = shelf.takeUnneeded();
            others = shelf.open() > 1;
        }
        close(connection, spent);
        return others || openAnother(connection, generation);
    }

    /** Never fails: what is wrong with the token, whoever asked for a session finds out. */
    private boolean openAnother(Cryptoki connection, Generation generation) {
        long another;
        try {
            another = open(connection, generation);
        } catch (CryptokiException e) {
            return false;
        }
        synchronized (lock) {
            boolean present = isPresent(generation);
            if (present) {
                shelf.addOpened(another);
            } else {
                shelf.retire(another, generation.moduleGeneration());
            }
            return present;
        }
    }

    void takeBack(SessionLease lease) {
        boolean last;
        synchronized (lock) {
            Generation current = pool.generation();
            shelf.returned();
            if (lease.wasTaken()) {
                return;
            }
            boolean present = isPresent(lease.generation());
            if (present && lease.kept() && shelf.add(lease.session(), lease.hasBegun(), lease.run())) {
                return;
            }
            if (current.login() == LoginState.UNCERTAIN) {
                // It may be the last one open: whoever looks at the token again closes it.
                shelf.retire(lease.session(), lease.generation().moduleGeneration());
                return;
            }
            last = present && shelf.open() == 1 && current.login() == LoginState.LOGGED_IN;
            if (present && !last) {
                shelf.closing();
            }
        }
        if (!last || mayCloseLast(lease)) {
            TokenProbe.close(lease.cryptoki(), lease.session());
        }
    }

    /** Closing the last session would end the login (PKCS#11 v3.1 §5.6.4): another one is opened first, where it can be. */
    private boolean mayCloseLast(SessionLease lease) {
        boolean replaced = turnstile.seatsLeft() && openAnother(lease.cryptoki(), lease.generation());
        synchronized (lock) {
            boolean present = isPresent(lease.generation());
            if (replaced && present) {
                shelf.closing();
            } else if (present && lease.keptIfLast()) {
                shelf.add(lease.session());
                return false;
            } else {
                pool.end(lease.generation().number(), "its last session was lost", false);
            }
            return true;
        }
    }
}
