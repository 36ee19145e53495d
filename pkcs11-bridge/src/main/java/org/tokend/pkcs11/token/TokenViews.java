package org.tokend.pkcs11.token;

import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.key.KeyCatalog;
import org.tokend.pkcs11.key.KeyEntry;
import org.tokend.pkcs11.operation.MechanismTable;
import org.tokend.pkcs11.operation.Quirks;
import org.tokend.pkcs11.session.LoginState;
import org.tokend.pkcs11.session.ReturnValueClass;
import org.tokend.pkcs11.session.SessionLease;
import org.tokend.pkcs11.session.SessionPool;
import org.tokend.pkcs11.session.TokenSlot;

/** Reads mechanisms and keys of a token, once in each generation. */
final class TokenViews {
    private static final System.Logger LOG = System.getLogger(TokenViews.class.getName());

    /** A key that is asked for and not known may be new: the token is read again, but not more often than this. */
    private static final long SMALLEST_AGE = TimeUnit.SECONDS.toNanos(1);

    /** How often to look whether keys came or went. */
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(3);

    private final TokenIdentity token;
    private final SessionPool pool;
    private final Quirks quirks;
    private final ReentrantLock reading = new ReentrantLock(true);
    private volatile @Nullable TokenView view;
    private volatile @Nullable Shown shown;
    private volatile long lookedAt = System.nanoTime();

    /** What a token shows to anybody, and how often it had been away by then. */
    private record Shown(int absences, Set<KeyFingerprint> keys) {}

    TokenViews(TokenIdentity token, SessionPool pool, Quirks quirks) {
        this.token = token;
        this.pool = pool;
        this.quirks = quirks;
    }

    /** What holds now; read from the token when nothing is known of this generation. */
    TokenView current() throws TokenException {
        TokenView known = view;
        return known != null && pool.holds(known.generation()) ? known : read(null);
    }

    /**
     * Notices keys that came or went. Waits for nobody: where no session is free at once, the next look will do.
     *
     * @throws TokenException when the token cannot be read again
     */
    void lookForChanges() throws TokenException {
        TokenView known = view;
        if (known == null || !pool.holds(known.generation()) || System.nanoTime() - lookedAt < INTERVAL) {
            return;
        }
        lookedAt = System.nanoTime();
        boolean same;
        try (SessionLease lease = pool.leaseNow()) {
            try {
                same = lease.generation().number() != known.generation()
                        || known.catalog().stillHolds(lease.cryptoki(), lease.session());
                lease.keep();
            } catch (CryptokiException e) {
                failed(e);
                return;
            }
        } catch (TokenException.Busy e) {
            return;
        }
        if (!same) {
            read(known);
        }
    }

    /**
     * Whether what came back after an absence shows none of the keys that were there before. Then it may be another token
     * that says the same of itself, and must not be given a PIN.
     */
    boolean isStranger() throws TokenException {
        Shown before = shown;
        if (before == null
                || before.absences() == pool.absences()
                || pool.generation().login() == LoginState.LOGGED_IN) {
            return false;
        }
        TokenView now = current();
        Set<KeyFingerprint> keys = fingerprints(now.catalog());
        boolean stranger = !before.keys().isEmpty() && Collections.disjoint(before.keys(), keys);
        if (!stranger && !now.complete()) {
            shown = new Shown(pool.absences(), keys);
        }
        return stranger;
    }

    private static Set<KeyFingerprint> fingerprints(KeyCatalog catalog) {
        return catalog.descriptors().stream().map(KeyDescriptor::fingerprint).collect(Collectors.toSet());
    }

    private TokenView read(@Nullable TokenView outdated) throws TokenException {
        reading.lock();
        try {
            TokenView known = view;
            if (known != null && known != outdated && pool.holds(known.generation())) {
                return known;
            }
            try {
                return readOnce();
            } catch (CryptokiException first) {
                failed(first);
            }
            try {
                return readOnce();
            } catch (CryptokiException second) {
                failed(second);
                throw Failures.of(token, second);
            }
        } finally {
            reading.unlock();
        }
    }

    private void failed(CryptokiException e) {
        pool.end(
                pool.generation().number(),
                e.getMessage(),
                ReturnValueClass.of(e) == ReturnValueClass.USER && e.returnValue() == CKR.USER_NOT_LOGGED_IN);
    }

    private TokenView readOnce() throws TokenException, CryptokiException {
        try (SessionLease lease = pool.lease(false)) {
            TokenSlot slot = lease.generation().slot();
            if (slot == null) {
                throw new TokenException.Removed("The token " + token + " is not there.");
            }
            boolean complete = lease.generation().login().suffices();
            MechanismTable mechanisms = MechanismTable.read(lease.cryptoki(), slot.slot(), quirks);
            KeyCatalog catalog = KeyCatalog.read(
                    token,
                    lease.cryptoki(),
                    lease.session(),
                    complete,
                    mechanisms,
                    new LeaseProbe(token, lease, mechanisms));
            lease.keep();
            for (String note : catalog.notes()) {
                LOG.log(System.Logger.Level.WARNING, "Token {0}: {1}", token, note);
            }
            TokenView read = new TokenView(
                    lease.generation().number(),
                    complete,
                    mechanisms,
                    catalog,
                    ConcurrentHashMap.newKeySet(),
                    System.nanoTime());
            Shown before = shown;
            if (!complete && (before == null || before.absences() == pool.absences())) {
                shown = new Shown(pool.absences(), fingerprints(catalog));
            }
            view = read;
            return read;
        }
    }

    /** The key's object in this generation, and whether it may be used. */
    KeyEntry entry(TokenView in, KeyDescriptor key) throws TokenException {
        KeyEntry found = in.catalog().find(key).orElse(null);
        if (found != null && found.descriptor().problem() != null) {
            throw new TokenException.KeyMismatch(found.descriptor().problem());
        }
        if (found != null && found.object() != null) {
            return found;
        }
        if (!in.complete()) {
            throw new TokenException.LoginRequired("The token " + token + " is locked: unlock it to use its keys.");
        }
        throw new TokenException.KeyNotFound("The token " + token + " does not hold the private key "
                + key.fingerprint() + " (label \"" + key.label() + "\").");
    }

    /** Reads again for a key that is not known, if the last reading is not fresh. */
    boolean readAgainFor(TokenView outdated, KeyDescriptor key) throws TokenException {
        boolean known = outdated.catalog()
                .find(key)
                .map(entry -> entry.object() != null)
                .orElse(false);
        boolean fresh = !outdated.catalog().partial() && System.nanoTime() - outdated.readAt() < SMALLEST_AGE;
        if (known || !outdated.complete() || fresh) {
            return false;
        }
        read(outdated);
        return true;
    }

    void problem(TokenView in, KeyDescriptor key, String problem) {
        reading.lock();
        try {
            if (view == in) {
                view = new TokenView(
                        in.generation(),
                        in.complete(),
                        in.mechanisms(),
                        in.catalog().withProblem(key, problem),
                        in.proven(),
                        in.readAt());
            }
        } finally {
            reading.unlock();
        }
    }
}
