package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.host.Pkcs11Module;
import org.tokend.pkcs11.object.CatalogRoom;
import org.tokend.pkcs11.object.ObjectIds;
import org.tokend.pkcs11.object.ObjectMemory;
import org.tokend.pkcs11.operation.QuirkTable;
import org.tokend.pkcs11.operation.Quirks;
import org.tokend.pkcs11.session.SessionLimits;
import org.tokend.pkcs11.session.SessionPool;
import org.tokend.pkcs11.session.TokenSlot;

/** The tokens of one module. A scan has a connection of its own and holds up no operation. */
public final class ModuleTokens implements TokenScanner {
    private static final System.Logger LOG = System.getLogger(ModuleTokens.class.getName());

    /** What is known of a token is kept while it is away, and a broken module shows other ones at each look. */
    static final int MOST_TOKENS = 1000;

    private final Pkcs11Module module;
    private final TokenOptions options;
    private final QuirkTable quirks;
    private final ObjectIds objectIds;
    private final CatalogRoom.Part room;
    private final ReentrantLock scanning = new ReentrantLock();
    private final CopyOnWriteArrayList<ModuleToken> tokens = new CopyOnWriteArrayList<>();
    private volatile SlotTable slots = SlotTable.EMPTY;

    /** That there are too many; guarded by {@code scanning}. */
    private boolean told;

    /**
     * @param objectIds the same for all modules
     * @param room for what is known of objects; the same for all modules
     */
    public ModuleTokens(
            Pkcs11Module module, TokenOptions options, QuirkTable quirks, ObjectIds objectIds, CatalogRoom room) {
        this.module = module;
        this.options = options;
        this.quirks = quirks;
        this.objectIds = objectIds;
        this.room = room.part();
    }

    @Override
    public List<Token> tokens() {
        return List.copyOf(tokens);
    }

    @Override
    public boolean scan() throws TokenException {
        scanning.lock();
        try {
            boolean changed = lookOrLookAgain();
            tokens.forEach(ModuleToken::settle);
            return changed;
        } finally {
            scanning.unlock();
        }
    }

    /** That a host has ended says nothing of the tokens; the next one is being started. */
    private boolean lookOrLookAgain() throws TokenException {
        try {
            try {
                return look();
            } catch (ConnectionLostException e) {
                if (e.deadlinePassed()) {
                    throw e;
                }
                return look();
            }
        } catch (CryptokiException e) {
            throw unavailable(e);
        }
    }

    private boolean look() throws CryptokiException {
        try (Cryptoki connection = module.connect()) {
            long generation = module.generation();
            boolean changed = look(connection, generation);
            slots = SlotTable.read(module.name(), connection, generation, slots, tokens);
            return changed;
        }
    }

    private boolean look(Cryptoki connection, long moduleGeneration) throws CryptokiException {
        boolean changed = false;
        Set<ModuleToken> present = new HashSet<>();
        for (long slot : connection.getSlotList(true)) {
            Optional<ModuleToken> undisturbed = busyWithSomethingDelicate(slot);
            if (undisturbed.isPresent()) {
                present.add(undisturbed.get());
                continue;
            }
            Optional<TokenSlot> found = TokenSlot.read(connection, slot);
            if (found.isPresent()) {
                Optional<ModuleToken> known = known(found.get().identity());
                if (known.isPresent() && !present.add(known.get())) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "Two slots show the token {0}; the first is used",
                            known.get());
                } else if (known.isPresent()) {
                    changed |= known.get().pool().seen(found.get(), moduleGeneration);
                } else if (tokens.size() < MOST_TOKENS) {
                    present.add(add(found.get(), moduleGeneration));
                    changed = true;
                } else if (!told) {
                    told = true;
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "The module {0} has shown {1} tokens; more are left out, such as {2}",
                            module.name(),
                            MOST_TOKENS,
                            found.get().identity());
                }
            }
        }
        for (ModuleToken token : tokens) {
            token.failed(null);
            if (!present.contains(token)) {
                changed |= token.pool().gone();
            }
        }
        return changed;
    }

    /** PIV cards forget a login for one use when anything else is asked before it is used (OpenSC #1071). */
    private Optional<ModuleToken> busyWithSomethingDelicate(long slot) {
        for (ModuleToken token : tokens) {
            TokenSlot last = token.pool().generation().slot();
            boolean here = last != null && last.slot() == slot && token.pool().isPresent();
            if (here && token.pool().mustBeQuiet()) {
                return Optional.of(token);
            }
        }
        return Optional.empty();
    }

    private Optional<ModuleToken> known(TokenIdentity identity) {
        return tokens.stream()
                .filter(token -> token.identity().sameToken(identity))
                .findFirst();
    }

    private ModuleToken add(TokenSlot slot, long moduleGeneration) {
        Quirks known = quirks.of(slot.info());
        SessionLimits limits =
                new SessionLimits(maxSessions(known), known.readWriteSessions(), options.patience(), options.pause());
        TokenIdentity identity = slot.identity();
        SessionPool pool = new SessionPool(module, identity, limits, slot, moduleGeneration);
        TokenViews views = new TokenViews(identity, pool, known, new ObjectMemory(objectIds, room.share()));
        ModuleToken token = new ModuleToken(module, identity, pool, views, this::scan);
        tokens.add(token);
        return token;
    }

    /** One connection is kept free for the scan, where there are two. */
    private int maxSessions(Quirks known) {
        int most = Math.max(1, module.maxConnections() - 1);
        if (options.maxSessions() > 0) {
            most = Math.min(most, options.maxSessions());
        }
        return known.maxSessions() > 0 ? Math.min(most, known.maxSessions()) : most;
    }

    private TokenException unavailable(CryptokiException e) {
        String reason = "The PKCS#11 module " + module.name() + " cannot be used: " + e.getMessage() + ".";
        for (ModuleToken token : tokens) {
            token.failed(reason);
        }
        return new TokenException.ModuleUnavailable(reason);
    }

    /** Closes sessions that nobody uses; the module itself belongs to whoever opened it. */
    @Override
    public void close() {
        tokens.forEach(token -> token.pool().close());
    }

    @Override
    public List<ReaderSlot> slots() {
        return slots.slots();
    }

    @Override
    public void initialise(ReaderSlot slot, @Nullable MemorySegment officerPin, String label)
            throws TokenException, CryptokiException {
        scanning.lock();
        try {
            try (Cryptoki connection = module.connect()) {
                if (!slots.isStillBlank(slot, connection, module.generation())) {
                    throw new TokenException.Removed("The slot " + slot.slot() + " of the module " + module.name()
                            + " does not hold a blank token any more; look for it again.");
                }
                connection.initToken(slot.slot(), officerPin, label);
            } catch (ConnectionLostException e) {
                throw unavailable(e);
            }
            scan();
        } finally {
            scanning.unlock();
        }
    }
}
