package org.tokend.daemon.token;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.event.EventBus;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.host.Pkcs11Module;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenScanner;
import org.tokend.protocol.Reply;

/**
 * Looks at one module's slots again and again on a thread of its own, so that a module that is slow or hangs holds up nobody
 * else, and remembers what it saw for those who must not wait.
 */
public final class ModuleWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Pkcs11Module module;
    private final TokenScanner scanner;
    private final EventBus events;
    private final SlotSink slots;
    private final ReentrantLock looking = new ReentrantLock();
    private final Map<Token, KnownKeys> known = new ConcurrentHashMap<>();
    private final Map<Token, String> unreadable = new ConcurrentHashMap<>();
    private final Map<Token, Boolean> present = new HashMap<>();
    private final CountDownLatch firstLook = new CountDownLatch(1);
    private final LookSchedule schedule = new LookSchedule(INTERVAL);
    private final Reloading reloading = new Reloading();
    private volatile long firstGeneration;
    private long lastGeneration;
    private volatile ModuleCondition condition = ModuleCondition.STARTING;

    /** @param slots is told of the slots after each look */
    public ModuleWatch(Pkcs11Module module, TokenScanner scanner, EventBus events, SlotSink slots) {
        this.module = module;
        this.scanner = scanner;
        this.events = events;
        this.slots = slots;
        this.firstGeneration = module.generation();
        this.lastGeneration = firstGeneration;
    }

    /** @param connected whether any program is that might want to know */
    void start(BooleanSupplier connected) {
        Thread.ofPlatform().name("scan-" + module.name()).daemon().start(() -> run(connected));
    }

    /** A program has come: what it is told shall not be old. */
    void freshen() {
        reloading.visited();
        schedule.ask();
    }

    /** Waits for a while for a look that has been asked for. */
    void awaitFresh() throws InterruptedException {
        schedule.awaitAsked();
    }

    List<Token> tokens() {
        return scanner.tokens();
    }

    /** The keys of a token as they were seen last, or null when they never were. Never blocks. */
    @Nullable
    KnownKeys knownKeys(Token token) {
        return known.get(token);
    }

    /** Asks the token, which may take as long as its deadline, when it has not been asked since it last changed. */
    KnownKeys keys(Token token) throws TokenException {
        try {
            KnownKeys keys = new KnownKeys(token.keys());
            known.put(token, keys);
            unreadable.remove(token);
            return keys;
        } catch (TokenException.Failed e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(unreadable.put(token, reason))) {
                LOG.warn(
                        "token=unreadable uri=\"{}\" reason=\"{}\"",
                        token.identity().uri(),
                        reason);
            }
            throw e;
        }
    }

    /** Why the keys of a token could not be read last, or null. */
    @Nullable
    String problem(Token token) {
        return unreadable.get(token);
    }

    void initialise(ReaderSlot slot, @Nullable MemorySegment officerPin, String label)
            throws TokenException, CryptokiException {
        // Not while the module is loaded again because nothing in it is initialised.
        looking.lock();
        try {
            scanner.initialise(slot, officerPin, label);
            look();
        } finally {
            looking.unlock();
        }
    }

    Reply.ModuleStatus status() {
        // The first start is not a restart.
        long restarts = Math.max(0, module.generation() - Math.max(1, firstGeneration));
        ModuleCondition now = condition();
        return new Reply.ModuleStatus(module.name(), now.state(), restarts, now.problem());
    }

    private ModuleCondition condition() {
        ModuleCondition now = condition;
        return now.isReady() && Reloading.showsBlankTokensOnly(scanner.slots()) ? ModuleCondition.BLANK : now;
    }

    /** Why it may not show what somebody looks for, or null. Never blocks. */
    @Nullable
    String shortcoming() {
        return condition().shortcoming(module.name());
    }

    boolean isStarting() {
        return firstLook.getCount() > 0;
    }

    void awaitFirstLook(Duration longest) throws InterruptedException {
        boolean ignored = firstLook.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(BooleanSupplier connected) {
        try {
            do {
                look();
                firstLook.countDown();
            } while (schedule.awaitNext(connected));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        looking.lock();
        try {
            scan();
            reloadWhenDue();
            announceRestart();
            scanner.tokens().forEach(this::lookAt);
            slots.seen(module.name(), module.generation(), scanner.slots());
        } finally {
            schedule.looked();
            looking.unlock();
        }
    }

    private void scan() {
        try {
            scanner.scan();
            condition = ModuleCondition.READY;
        } catch (TokenException e) {
            ModuleCondition failed = ModuleCondition.failed(String.valueOf(e.getMessage()));
            if (!failed.equals(condition)) {
                LOG.warn("module={} state=failed reason=\"{}\"", module.name(), e.getMessage());
            }
            condition = failed;
        } catch (RuntimeException e) {
            LOG.error("module={} state=failed", module.name(), e);
            condition = ModuleCondition.failed("a defect of tokend; its log has the details");
        }
    }

    private void reloadWhenDue() {
        long generation = module.generation();
        // After a look that failed the slots are those of the look before.
        if (condition.isReady() && reloading.isDue(scanner.slots(), generation, System.nanoTime())) {
            if (isStarting()) {
                // A part of the start, of which nobody has to be told.
                firstGeneration = generation + 1;
                lastGeneration = firstGeneration;
            }
            module.restart(generation, "it shows blank tokens only; perhaps it sees more when it is loaded again");
            scan();
        }
    }

    private void announceRestart() {
        long generation = module.generation();
        if (generation != lastGeneration && lastGeneration > 0) {
            LOG.warn("module={} restarted generation={}", module.name(), generation);
            publish(Reply.Event.Kind.MODULE_RESTARTED, null, "The module " + module.name() + " was started again");
        }
        lastGeneration = generation;
    }

    private void lookAt(Token token) {
        boolean isPresent = isPresent(token);
        Boolean wasPresent = present.put(token, isPresent);
        String uri = token.identity().uri().toString();
        if (isPresent && !Boolean.TRUE.equals(wasPresent)) {
            LOG.info("token=inserted uri=\"{}\"", uri);
            publish(Reply.Event.Kind.TOKEN_INSERTED, uri, "The token " + uri + " is there");
        } else if (!isPresent && Boolean.TRUE.equals(wasPresent)) {
            LOG.info("token=removed uri=\"{}\"", uri);
            publish(Reply.Event.Kind.TOKEN_REMOVED, uri, "The token " + uri + " was removed");
        }
        if (isPresent) {
            try {
                keys(token);
            } catch (TokenException e) {
                LOG.debug("token=unreadable uri=\"{}\" reason=\"{}\"", uri, e.getMessage());
            }
        } else {
            unreadable.remove(token);
        }
    }

    static boolean isPresent(Token token) {
        return switch (token.state()) {
            case TokenState.Absent absent -> false;
            case TokenState.Failed failed -> false;
            case TokenState.LoggedOut loggedOut -> true;
            case TokenState.LoggedIn loggedIn -> true;
            case TokenState.NoLoginNeeded open -> true;
        };
    }

    private void publish(Reply.Event.Kind kind, @Nullable String token, String message) {
        events.publish(new Reply.Event(kind, token, message, Instant.now()));
    }

    @Override
    public void close() {
        schedule.end();
        scanner.close();
        module.close();
    }
}
