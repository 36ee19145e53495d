package org.tokend.pkcs11.token;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
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
import org.tokend.pkcs11.object.ObjectCatalog;
import org.tokend.pkcs11.object.ObjectMemory;
import org.tokend.pkcs11.object.StoredObject;
import org.tokend.pkcs11.object.TooManyObjectsException;
import org.tokend.pkcs11.operation.MechanismTable;
import org.tokend.pkcs11.operation.Quirks;
import org.tokend.pkcs11.session.LoginState;
import org.tokend.pkcs11.session.ReturnValueClass;
import org.tokend.pkcs11.session.SessionLease;
import org.tokend.pkcs11.session.SessionPool;
import org.tokend.pkcs11.session.TokenSlot;

/** Reads mechanisms, objects and keys of a token, once in each generation. */
final class TokenViews {
    /** A key that is asked for and not known may be new: the token is read again, but not more often than this. */
    private static final long SMALLEST_AGE = TimeUnit.SECONDS.toNanos(1);

    /** How often to look whether keys came or went. */
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(3);

    /** Looks take at most this part of the time. */
    private static final int SHARE_OF_LOOKS = 20;

    /** While one looks at thousands of objects, a software token signs half as fast: for whoever signs now they are rarer. */
    private static final int SHARE_OF_LOOKS_IN_USE = 100;

    private static final long IN_USE = TimeUnit.SECONDS.toNanos(10);

    /** What another program has put on a token in use, or taken off it, is seen after so long, where the first share allows it. */
    private static final long LONGEST_IN_USE = TimeUnit.SECONDS.toNanos(60);

    /** How many objects are read again in a look: an attribute that changes does not change the handle. */
    private static final int RECHECKED = 8;

    /** How often a login or logout may come between before the reading is given up. */
    private static final int ROUNDS = 8;

    private final TokenIdentity token;
    private final SessionPool pool;
    private final Quirks quirks;
    private final ObjectMemory memory;
    private final CatalogReads catalogs;
    private final ReadingNotes notes;
    private final ReentrantLock reading = new ReentrantLock(true);
    private volatile @Nullable TokenView view;
    private volatile @Nullable Shown shown;
    private volatile long lookedAt = System.nanoTime();
    private volatile long lookTook;
    private long recheckedUpTo;

    /** The keys of objects that the last login has shown, by the objects' ids. */
    private volatile Map<Long, KeyDescriptor> keysShownByLogin = Map.of();

    /** What a token shows to anybody, and how often it had been away by then. */
    private record Shown(int absences, Set<KeyFingerprint> keys) {}

    TokenViews(TokenIdentity token, SessionPool pool, Quirks quirks, ObjectMemory memory) {
        this.token = token;
        this.pool = pool;
        this.quirks = quirks;
        this.memory = memory;
        this.catalogs = new CatalogReads(token, memory);
        this.notes = new ReadingNotes(token);
    }

    /** What holds now; read from the token when nothing is known of this generation. */
    TokenView current() throws TokenException {
        TokenView known = view;
        return known != null && pool.holds(known.generation()) ? known : read(null, null);
    }

    /** Whether what holds now has been read. Never blocks. */
    boolean isRead() {
        TokenView known = view;
        return known != null && pool.holds(known.generation());
    }

    /**
     * Notices objects that came, went or changed. Waits for nobody: where no session is free at once, the next look will do.
     *
     * @throws TokenException when the token cannot be read again
     */
    void lookForChanges() throws TokenException {
        TokenView known = view;
        if (known == null
                || !pool.holds(known.generation())
                || System.nanoTime() - lookedAt < pauseAfter(lookTook, pool.usedWithin(IN_USE))) {
            return;
        }
        lookedAt = System.nanoTime();
        boolean same;
        try (SessionLease lease = pool.leaseNow()) {
            try {
                long begin = System.nanoTime();
                same = lease.generation().number() != known.generation() || isSame(known, lease);
                lookTook = System.nanoTime() - begin;
                lease.keep();
            } catch (CryptokiException e) {
                failed(e);
                return;
            }
        } catch (TokenException.Busy e) {
            return;
        }
        if (!same) {
            read(known, known.objects());
        }
    }

    /** @param took nanoseconds that a look has taken @return nanoseconds until the next one */
    static long pauseAfter(long took, boolean inUse) {
        long least = Math.max(INTERVAL, SHARE_OF_LOOKS * took);
        return inUse ? Math.clamp(SHARE_OF_LOOKS_IN_USE * took, least, Math.max(least, LONGEST_IN_USE)) : least;
    }

    private boolean isSame(TokenView known, SessionLease lease) throws CryptokiException {
        ObjectCatalog objects = known.objects();
        long from = recheckedUpTo;
        recheckedUpTo = from + RECHECKED;
        try {
            return objects.stillHolds(lease.cryptoki(), lease.session())
                    && objects.recheck(lease.cryptoki(), lease.session(), memory, from, RECHECKED);
        } catch (TooManyObjectsException e) {
            return false;
        }
    }

    /** Objects have just been changed: what is shown from now on was read after that. */
    TokenView changed() throws TokenException {
        reading.lock();
        try {
            TokenView known = view;
            return known == null ? read(null, null) : read(known, known.objects());
        } finally {
            reading.unlock();
        }
    }

    ObjectMemory memory() {
        return memory;
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
        boolean stranger = showsNoneOf(before, now.catalog());
        if (!stranger && !now.complete()) {
            shown = new Shown(pool.absences(), fingerprints(now.catalog()));
        }
        return stranger;
    }

    private boolean showsNoneOf(@Nullable Shown before, KeyCatalog catalog) {
        return before != null
                && before.absences() != pool.absences()
                && !before.keys().isEmpty()
                && Collections.disjoint(before.keys(), fingerprints(catalog));
    }

    private static Set<KeyFingerprint> fingerprints(KeyCatalog catalog) {
        return catalog.descriptors().stream().map(KeyDescriptor::fingerprint).collect(Collectors.toSet());
    }

    /** @param reusable what need not be read again if it is of the present generation */
    private TokenView read(@Nullable TokenView outdated, @Nullable ObjectCatalog reusable) throws TokenException {
        reading.lock();
        try {
            TokenView known = view;
            if (known != null && known != outdated && pool.holds(known.generation())) {
                return known;
            }
            return readInRounds(reusable == null ? null : known);
        } finally {
            reading.unlock();
        }
    }

    /** A token that fails is asked once more; one that failed because somebody logged in or out meanwhile, a few times. */
    private TokenView readInRounds(@Nullable TokenView before) throws TokenException {
        TokenView reusable = before;
        for (int round = 1; ; round++) {
            long generation = pool.generation().number();
            try {
                return readOnce(reusable);
            } catch (CryptokiException e) {
                boolean moved = !pool.holds(generation);
                failed(e);
                if (round >= (moved ? ROUNDS : 2)) {
                    throw Failures.of(token, e);
                }
            }
            reusable = null;
        }
    }

    private void failed(CryptokiException e) {
        pool.end(
                pool.generation().number(),
                e.getMessage(),
                ReturnValueClass.of(e) == ReturnValueClass.USER && e.returnValue() == CKR.USER_NOT_LOGGED_IN);
    }

    private TokenView readOnce(@Nullable TokenView before) throws TokenException, CryptokiException {
        try (SessionLease lease = pool.lease(false)) {
            TokenSlot slot = lease.generation().slot();
            if (slot == null) {
                throw new TokenException.Removed("The token " + token + " is not there.");
            }
            TokenView read = read(
                    lease,
                    slot,
                    before != null && before.generation() == lease.generation().number() ? before : null);
            lease.keep();
            noted(read);
            view = read;
            return read;
        }
    }

    private TokenView read(SessionLease lease, TokenSlot slot, @Nullable TokenView before)
            throws TokenException, CryptokiException {
        boolean complete = lease.generation().login().suffices();
        MechanismTable mechanisms =
                before != null ? before.mechanisms() : MechanismTable.read(lease.cryptoki(), slot.slot(), quirks);
        ObjectCatalog objects = catalogs.read(lease, before == null ? null : before.objects());
        KeyCatalog catalog = KeyCatalog.read(
                token,
                objects.source(lease.cryptoki(), lease.session()),
                complete,
                mechanisms,
                new LeaseProbe(token, lease, mechanisms));
        if (!complete && showsNoneOf(shown, catalog)) {
            memory.forgetPrivate();
        }
        return new TokenView(
                lease.generation().number(),
                complete,
                mechanisms,
                objects.settled(memory, complete),
                catalog,
                ConcurrentHashMap.newKeySet(),
                System.nanoTime());
    }

    private void noted(TokenView read) {
        notes.log(read.notes());
        Shown before = shown;
        if (read.complete() || before == null || before.absences() == pool.absences()) {
            shown = new Shown(pool.absences(), shownToAnybody(read));
        }
        if (read.complete()) {
            Map<Long, KeyDescriptor> keys = new HashMap<>();
            for (StoredObject object : read.objects().objects()) {
                if (object.isPrivate()) {
                    read.catalog().ofObject(object.handle()).ifPresent(key -> keys.put(object.id(), key));
                }
            }
            keysShownByLogin = Map.copyOf(keys);
        }
    }

    private static Set<KeyFingerprint> shownToAnybody(TokenView read) {
        if (!read.complete()) {
            return fingerprints(read.catalog());
        }
        return read.objects().objects().stream()
                .filter(object -> !object.isPrivate())
                .flatMap(object -> read.catalog().ofObject(object.handle()).stream())
                .map(KeyDescriptor::fingerprint)
                .collect(Collectors.toSet());
    }

    /** The key that an object belongs to, as far as is known without asking. */
    @Nullable
    KeyDescriptor keyOf(long object) {
        TokenView now = view;
        StoredObject stored = now == null ? null : now.objects().find(object).orElse(null);
        if (now == null || stored == null) {
            return null;
        }
        if (!stored.isRemembered()) {
            return now.catalog().ofObject(stored.handle()).orElse(null);
        }
        KeyDescriptor then = keysShownByLogin.get(object);
        return then == null
                ? null
                : now.catalog().find(then).map(KeyEntry::descriptor).orElse(then);
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
        boolean fresh = !outdated.partial() && System.nanoTime() - outdated.readAt() < SMALLEST_AGE;
        if (known || !outdated.complete() || fresh) {
            return false;
        }
        read(outdated, null);
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
                        in.objects(),
                        in.catalog().withProblem(key, problem),
                        in.proven(),
                        in.readAt());
            }
        } finally {
            reading.unlock();
        }
    }
}
