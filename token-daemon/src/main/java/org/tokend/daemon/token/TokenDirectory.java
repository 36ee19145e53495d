package org.tokend.daemon.token;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.KeyName;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.event.EventSink;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.uri.Pkcs11Uri;
import org.tokend.pkcs11.uri.Pkcs11UriException;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

/** All tokens of all modules by name. Looks at what is known first, and asks a token only when nothing known fits. */
public final class TokenDirectory implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private final KeyNames names = new KeyNames();
    private final List<ModuleWatch> modules;

    public TokenDirectory(List<ModuleWatch> modules) {
        this.modules = List.copyOf(modules);
    }

    /**
     * Returns at once: modules are loaded and looked at in the background.
     *
     * @param connected whether any program is, so that looking often is of use
     */
    public void start(BooleanSupplier connected) {
        modules.forEach(module -> module.start(connected));
    }

    /** A program has come: what was seen a while ago is looked at again. Never blocks. */
    public void freshen() {
        modules.forEach(ModuleWatch::freshen);
    }

    private void awaitFresh() {
        try {
            for (ModuleWatch module : modules) {
                module.awaitFresh();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Never blocks. */
    public List<Token> tokens() {
        return modules.stream().flatMap(module -> module.tokens().stream()).toList();
    }

    /** Never blocks. */
    public List<Reply.ModuleStatus> modules() {
        return modules.stream().map(ModuleWatch::status).toList();
    }

    /** Why the keys of a token could not be read last, or null. Never blocks. */
    public @Nullable String problem(Token token) {
        return modules.stream()
                .map(module -> module.problem(token))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** How many keys were seen last. Never blocks. */
    public int knownKeyCount(Token token) {
        return modules.stream()
                .map(module -> module.knownKeys(token))
                .mapToInt(keys -> keys == null ? 0 : keys.all().size())
                .sum();
    }

    /** Waits, for a while, until every module has been looked at once. */
    public void awaitStart(EventSink events) {
        awaitFresh();
        for (ModuleWatch module : modules) {
            if (module.isStarting()) {
                events.send(new Reply.Event(
                        Reply.Event.Kind.WAITING_FOR_MODULE,
                        null,
                        "Waiting for module " + module.status().name() + " to start.",
                        Instant.now()));
                try {
                    module.awaitFirstLook(LONGEST_START);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** The tokens that a URI fits, or all of them. */
    public List<Token> tokens(@Nullable String uri, EventSink events) throws RefusalException {
        if (uri == null) {
            awaitStart(events);
            return tokens();
        }
        Pkcs11Uri wanted = parse(uri);
        awaitFresh();
        List<Token> found = matching(wanted);
        if (found.isEmpty()) {
            awaitStart(events);
            found = matching(wanted);
        }
        if (found.isEmpty()) {
            throw new RefusalException(
                    ErrorCode.TOKEN_NOT_FOUND,
                    "there is no token " + wanted.ofToken() + "; tokenctl tokens shows those that are there"
                            + shortcomings());
        }
        return found;
    }

    /** The one token that a URI fits. */
    public Token token(String uri, EventSink events) throws RefusalException {
        List<Token> found = tokens(uri, events);
        if (found.size() > 1) {
            throw new RefusalException(
                    ErrorCode.KEY_AMBIGUOUS,
                    found.size() + " tokens are named " + uri + ": "
                            + Listing.of(found, token -> token.identity().uri().toString())
                            + "; use one of these");
        }
        return found.getFirst();
    }

    /** What is known of a token's keys, asked for when nothing is. */
    public List<KeyDescriptor> keys(Token token) throws TokenException {
        return known(token).all();
    }

    /** Those that a name fits. @throws RefusalException INVALID_REQUEST when it is no name of a key */
    public List<KeyDescriptor> keys(Token token, String name) throws RefusalException, TokenException {
        return known(token).named(parseKeyName(name));
    }

    private KnownKeys known(Token token) throws TokenException {
        ModuleWatch module = moduleOf(token);
        KnownKeys known = module.knownKeys(token);
        return known == null ? module.keys(token) : known;
    }

    /** Asks the token again, as after a login, which shows more. */
    public void refresh(Token token) throws TokenException {
        moduleOf(token).keys(token);
    }

    /**
     * The one key of a name.
     *
     * @throws RefusalException KEY_NOT_FOUND; KEY_AMBIGUOUS with all candidates; TOKEN_NOT_FOUND when its token is not there
     */
    public FoundKey key(String name, EventSink events) throws RefusalException, TokenException {
        return only(name, present(name, events));
    }

    /** The same for those who only use the key: of copies on several tokens whichever is there, an open one first. */
    public FoundKey keyToUse(String name, EventSink events) throws RefusalException, TokenException {
        List<FoundKey> found = present(name, events);
        Optional<FoundKey> copy = Copies.best(found);
        return copy.isPresent() ? copy.get() : only(name, found);
    }

    private List<FoundKey> present(String name, EventSink events) throws RefusalException, TokenException {
        KeyName wanted = parseKeyName(name);
        awaitFresh();
        List<FoundKey> found = knownMatches(wanted);
        if (found.isEmpty()) {
            awaitStart(events);
            askAll(wanted);
            found = knownMatches(wanted);
        }
        if (found.isEmpty()) {
            throw new RefusalException(
                    ErrorCode.KEY_NOT_FOUND,
                    "no token shows a key " + name + "; tokenctl keys lists all keys, and some tokens show theirs only "
                            + "after tokenctl unlock" + shortcomings());
        }
        return there(name, found);
    }

    /** To be added to a message that something is not there. */
    private String shortcomings() {
        List<String> all = modules.stream()
                .map(ModuleWatch::shortcoming)
                .filter(Objects::nonNull)
                .toList();
        return all.isEmpty() ? "" : "; " + Listing.of(all, Function.identity());
    }

    /**
     * A key that is known already, as its token shows it now.
     *
     * @return what was handed in when the token is locked and may hide it; to be asked for again after the login
     * @throws RefusalException KEY_NOT_FOUND; TOKEN_NOT_FOUND when the token is not there
     */
    public FoundKey key(FoundKey held) throws RefusalException, TokenException {
        Token token = held.token();
        if (!ModuleWatch.isPresent(token)) {
            throw new RefusalException(
                    ErrorCode.TOKEN_NOT_FOUND, "the token " + token.identity().uri() + " is not there; insert it");
        }
        Optional<FoundKey> found = same(held, known(token));
        if (found.isEmpty() && !(token.state() instanceof TokenState.LoggedOut)) {
            refresh(token);
            found = same(held, known(token));
        }
        if (found.isPresent()) {
            return found.get();
        }
        if (token.state() instanceof TokenState.LoggedOut) {
            return held;
        }
        throw new RefusalException(
                ErrorCode.KEY_NOT_FOUND,
                "the token " + token.identity().uri() + " does not show the key "
                        + held.key().fingerprint() + " any more; look at its objects again");
    }

    /** By public key, and among those of one public key by CKA_ID. */
    private static Optional<FoundKey> same(FoundKey held, KnownKeys keys) {
        return keys.of(held.key().fingerprint()).stream()
                .min(Comparator.comparing(
                        key -> !Arrays.equals(key.ckaId(), held.key().ckaId())))
                .map(key -> new FoundKey(held.token(), key));
    }

    /** C_InitToken on a slot whose token is blank. */
    public void initialise(ReaderSlot slot, @Nullable MemorySegment officerPin, String label)
            throws TokenException, CryptokiException, RefusalException {
        ModuleWatch module = modules.stream()
                .filter(each -> each.status().name().equals(slot.module()))
                .findFirst()
                .orElseThrow(() -> new RefusalException(
                        ErrorCode.TOKEN_NOT_FOUND, "the module " + slot.module() + " is not there"));
        module.initialise(slot, officerPin, label);
    }

    private static List<FoundKey> there(String name, List<FoundKey> found) throws RefusalException {
        List<FoundKey> there =
                found.stream().filter(key -> ModuleWatch.isPresent(key.token())).toList();
        if (there.isEmpty()) {
            throw new RefusalException(
                    ErrorCode.TOKEN_NOT_FOUND,
                    found.size() == 1
                            ? "the token " + found.getFirst().token().identity().uri() + " with the key " + name
                                    + " is not there; insert it"
                            : "none of the tokens with the key " + name + " is there; insert one of "
                                    + Listing.of(
                                            found,
                                            key -> key.token().identity().uri().toString()));
        }
        return there;
    }

    private static FoundKey only(String name, List<FoundKey> there) throws RefusalException {
        if (there.size() > 1) {
            refuseWhenNoneIsSound(there);
            throw new RefusalException(
                    ErrorCode.KEY_AMBIGUOUS,
                    there.size() + " keys are named " + name + ": "
                            + Listing.of(
                                    there,
                                    key -> key.key().fingerprint() + " ("
                                            + key.key().uri() + ")")
                            + (Copies.best(there).isPresent()
                                    ? "; they are copies of one key, so name the token too, with its URI"
                                    : "; use one of these fingerprints"));
        }
        return there.getFirst();
    }

    /** A certificate beside another's key shows as two keys of one name; what is wrong with them helps, a choice does not. */
    private static void refuseWhenNoneIsSound(List<FoundKey> found) throws RefusalException {
        List<String> problems = found.stream()
                .map(each -> each.key().problem())
                .filter(Objects::nonNull)
                .toList();
        if (problems.size() == found.size()) {
            throw new RefusalException(
                    ErrorCode.KEY_MISMATCH,
                    problems.stream().distinct().limit(3).collect(Collectors.joining(" ")));
        }
    }

    private List<FoundKey> knownMatches(KeyName wanted) {
        List<FoundKey> found = new ArrayList<>();
        for (ModuleWatch module : modules) {
            for (Token token : module.tokens()) {
                KnownKeys keys = module.knownKeys(token);
                if (keys != null) {
                    keys.named(wanted).forEach(key -> found.add(new FoundKey(token, key)));
                }
            }
        }
        return found;
    }

    /** A token that fails is no reason to miss the key on another. */
    private void askAll(KeyName wanted) throws TokenException {
        TokenException failure = null;
        boolean answered = false;
        for (Token token : tokens()) {
            if (wanted.mayBeOn(token.identity()) && ModuleWatch.isPresent(token)) {
                try {
                    refresh(token);
                    answered = true;
                } catch (TokenException e) {
                    failure = e;
                }
            }
        }
        if (failure != null && !answered) {
            throw failure;
        }
    }

    private List<Token> matching(Pkcs11Uri wanted) {
        return tokens().stream()
                .filter(token -> token.identity().matches(wanted.ofToken()))
                .toList();
    }

    private ModuleWatch moduleOf(Token token) {
        return modules.stream()
                .filter(module -> module.tokens().contains(token))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a token of this directory"));
    }

    private KeyName parseKeyName(String name) throws RefusalException {
        try {
            return names.parse(name);
        } catch (Pkcs11UriException e) {
            throw new RefusalException(ErrorCode.INVALID_REQUEST, "the key's name cannot be read: " + e.getMessage());
        }
    }

    private static Pkcs11Uri parse(String uri) throws RefusalException {
        try {
            return Pkcs11Uri.parse(uri);
        } catch (Pkcs11UriException e) {
            throw new RefusalException(ErrorCode.INVALID_REQUEST, "the token's name cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        modules.forEach(ModuleWatch::close);
    }
}
