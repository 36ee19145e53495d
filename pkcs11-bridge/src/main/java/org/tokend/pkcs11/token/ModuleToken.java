package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.host.Pkcs11Module;
import org.tokend.pkcs11.key.KeyEntry;
import org.tokend.pkcs11.operation.DeriveOperation;
import org.tokend.pkcs11.operation.SignOperation;
import org.tokend.pkcs11.possession.PossessionCheck;
import org.tokend.pkcs11.session.Generation;
import org.tokend.pkcs11.session.LoginState;
import org.tokend.pkcs11.session.SessionPool;
import org.tokend.pkcs11.session.TokenSlot;
import org.tokend.pkcs11.session.UserLogin;

/** A token in one of the slots of a module. */
final class ModuleToken implements Token {
    private final Pkcs11Module module;
    private final TokenIdentity identity;
    private final SessionPool pool;
    private final UserLogin user;
    private final TokenViews views;
    private final KeyOperations operations;
    private final Decryption decryption;
    private final TokenObjects objects;
    private final TokenMechanisms mechanisms;
    private final TokenRandom random;
    private final Administration administration;
    private volatile @Nullable String failure;

    ModuleToken(
            Pkcs11Module module,
            TokenIdentity identity,
            SessionPool pool,
            TokenViews views,
            Administration.Rescan rescan) {
        this.module = module;
        this.identity = identity;
        this.pool = pool;
        this.user = new UserLogin(module, identity, pool);
        this.views = views;
        this.operations = new KeyOperations(module, identity, pool, views);
        this.decryption = new Decryption(pool, operations);
        this.objects = new TokenObjects(identity, pool, views);
        this.mechanisms = new TokenMechanisms(identity, pool);
        this.random = new TokenRandom(new TokenCalls(identity, pool));
        this.administration = new Administration(identity, pool, views, objects, rescan);
    }

    SessionPool pool() {
        return pool;
    }

    /** @param reason why the module cannot be used, or null when it can */
    void failed(@Nullable String reason) {
        failure = reason;
    }

    @Override
    public TokenIdentity identity() {
        return identity;
    }

    @Override
    public String module() {
        return module.name();
    }

    @Override
    public TokenState state() {
        String reason = failure;
        if (reason != null) {
            return new TokenState.Failed(reason);
        }
        Generation generation = pool.generation();
        boolean sameModule = generation.moduleGeneration() == module.generation();
        return switch (generation.believed()) {
            case ABSENT -> new TokenState.Absent();
            case NOT_NEEDED -> new TokenState.NoLoginNeeded();
            case LOGGED_IN -> sameModule ? new TokenState.LoggedIn() : new TokenState.LoggedOut(slot().tries());
            case LOGGED_OUT, UNCERTAIN -> new TokenState.LoggedOut(slot().tries());
        };
    }

    private TokenSlot slot() {
        return Objects.requireNonNull(pool.generation().slot());
    }

    @Override
    public boolean pinPad() {
        return slot().pinPad();
    }

    @Override
    public int minPinLength() {
        return Math.clamp(slot().info().minPinLength(), 0, 255);
    }

    @Override
    public int maxPinLength() {
        long length = slot().info().maxPinLength();
        return length <= 0 ? 255 : Math.clamp(length, 1, 255);
    }

    @Override
    public long generation() {
        return pool.generation().number();
    }

    @Override
    public List<KeyDescriptor> keys() throws TokenException {
        return views.current().catalog().descriptors();
    }

    @Override
    public void login(@Nullable MemorySegment pin) throws TokenException {
        if (views.isStranger()) {
            throw new TokenException.KeyMismatch(
                    "The token " + identity + " was away and came back without any of the keys"
                            + " that it showed before: it may be another token, so the PIN was not sent. Insert the right one; if"
                            + " you replaced its keys yourself, start tokend again.");
        }
        user.login(pin);
        views.current();
    }

    @Override
    public void logout() {
        user.logout();
    }

    @Override
    public byte[] sign(KeyDescriptor key, KeyAlgorithm algorithm, byte[] input, @Nullable MemorySegment pin)
            throws TokenException {
        SignOperation.check(key, algorithm, input);
        decryption.settle();
        return operations.perform(new KeyOperations.Task<>(
                key,
                algorithm,
                pin,
                pinPad(),
                table -> table.signPlans(key, algorithm),
                (use, plan) -> SignOperation.run(use, plan, input),
                false));
    }

    @Override
    public byte[] decrypt(KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext, @Nullable MemorySegment pin)
            throws TokenException {
        decryption.settle();
        return decryption.decrypt(key, algorithm, ciphertext, pin, pinPad());
    }

    @Override
    public byte[] decryptPkcs1(
            KeyDescriptor key, byte[] ciphertext, Pkcs1Rejection rejection, @Nullable MemorySegment pin)
            throws TokenException {
        decryption.settle();
        return decryption.decryptPkcs1(key, ciphertext, rejection, pin, pinPad());
    }

    @Override
    public byte[] agree(KeyDescriptor key, byte[] publicKey, @Nullable MemorySegment pin) throws TokenException {
        byte[] point = DeriveOperation.checkedPoint(key, publicKey);
        decryption.settle();
        return operations.perform(new KeyOperations.Task<>(
                key,
                KeyAlgorithm.ECDH,
                pin,
                pinPad(),
                table -> table.derivePlans(key),
                (use, plan) -> DeriveOperation.run(use, plan, point),
                true));
    }

    @Override
    public void provePossession(KeyDescriptor key, @Nullable MemorySegment pin) throws TokenException {
        TokenView view = views.current();
        KeyEntry entry = views.entry(view, key);
        KeyDescriptor found = entry.descriptor();
        if (view.proven().contains(found.fingerprint())) {
            return;
        }
        try {
            PossessionCheck.of(found).run(new Asked(found, pin), found, "bind");
        } catch (TokenException.KeyMismatch e) {
            views.problem(view, found, Objects.requireNonNull(e.getMessage()));
            throw e;
        }
        view.proven().add(found.fingerprint());
    }

    /** The challenge goes the way of all operations. */
    private final class Asked implements PossessionCheck.Asked {
        private final KeyDescriptor key;
        private final @Nullable MemorySegment pin;

        Asked(KeyDescriptor key, @Nullable MemorySegment pin) {
            this.key = key;
            this.pin = pin;
        }

        @Override
        public byte[] sign(KeyAlgorithm algorithm, byte[] input) throws TokenException {
            return ModuleToken.this.sign(key, algorithm, input, pin);
        }

        @Override
        public byte[] decrypt(KeyAlgorithm algorithm, byte[] ciphertext) throws TokenException {
            return ModuleToken.this.decrypt(key, algorithm, ciphertext, pin);
        }

        @Override
        public byte[] agree(byte[] subjectPublicKeyInfo) throws TokenException {
            return ModuleToken.this.agree(key, subjectPublicKeyInfo, pin);
        }
    }

    @Override
    public void distrust(long generation, String reason) {
        pool.end(generation, reason, false);
    }

    /** Looks at the token when something about it is not certain or may have changed, so that nobody else needs to. */
    void settle() {
        try {
            if (pool.generation().login() == LoginState.UNCERTAIN) {
                views.current();
            } else {
                views.lookForChanges();
            }
            if (views.isRead()) {
                mechanisms.prefetch();
            }
        } catch (TokenException e) {
            // The state says it; whoever uses the token next is told.
        }
    }

    @Override
    public String toString() {
        return identity.toString();
    }

    @Override
    public TokenObjectList objects() throws TokenException {
        return objects.all();
    }

    @Override
    public TokenInfo info() {
        return slot().info();
    }

    @Override
    public Map<Long, MechanismInfo> mechanisms() throws TokenException {
        return mechanisms.current();
    }

    @Override
    public byte[] random(int length) throws TokenException, CryptokiException {
        return random.draw(length);
    }

    @Override
    public void seedRandom(byte[] seed) throws TokenException, CryptokiException {
        random.seed(seed);
    }

    @Override
    public TokenAdministration administration() {
        return administration;
    }
}
