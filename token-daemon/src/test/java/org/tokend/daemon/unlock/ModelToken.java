package org.tokend.daemon.unlock;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenAdministration;
import org.tokend.pkcs11.token.TokenObjectList;

/** A token that counts its tries and locks, and tells of it as honestly as it is made. Thread-safe. */
class ModelToken implements Token {
    /** How a token tells of its tries: by all flags, by none at all, or by saying "wrong" even when locked. */
    enum Honesty {
        ALL_FLAGS,
        NO_FLAGS,
        WRONG_WHEN_LOCKED
    }

    private final TokenIdentity identity;
    private final int maxTries;
    private final Honesty honesty;
    private final List<String> presented = new ArrayList<>();
    private String pin;
    private int wrong;
    private boolean loggedIn;
    private boolean absent;
    private boolean pad;
    private @Nullable TokenException fault;
    private Runnable duringLogin = () -> {};

    ModelToken(String serial, String pin, int maxTries, Honesty honesty) {
        this.identity = new TokenIdentity("Model", "tokend", "test", serial);
        this.pin = pin;
        this.maxTries = maxTries;
        this.honesty = honesty;
    }

    static ModelToken withPin(String pin) {
        return new ModelToken("0001", pin, 3, Honesty.NO_FLAGS);
    }

    synchronized ModelToken padded() {
        pad = true;
        return this;
    }

    /** All PINs that reached the token, in order. */
    synchronized List<String> presented() {
        return List.copyOf(presented);
    }

    synchronized boolean lockedForGood() {
        return wrong >= maxTries;
    }

    synchronized int wrong() {
        return wrong;
    }

    synchronized void changePin(String to) {
        pin = to;
    }

    synchronized void remove(boolean gone) {
        absent = gone;
        loggedIn = false;
    }

    final synchronized void noteLogin() {
        loggedIn = true;
    }

    /** The next login fails with this, and the PIN is not looked at. */
    synchronized void failNextLogin(TokenException exception) {
        fault = exception;
    }

    synchronized void duringLogin(Runnable action) {
        duringLogin = action;
    }

    @Override
    public synchronized void login(@Nullable MemorySegment entered) throws TokenException {
        duringLogin.run();
        if (fault != null) {
            TokenException thrown = fault;
            fault = null;
            throw thrown;
        }
        check(entered);
        loggedIn = true;
    }

    synchronized void check(@Nullable MemorySegment entered) throws TokenException {
        String text =
                entered == null ? "pad" : new String(entered.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        presented.add(text);
        if (wrong >= maxTries) {
            if (honesty == Honesty.WRONG_WHEN_LOCKED) {
                throw new TokenException.PinIncorrect("wrong", flags());
            }
            throw new TokenException.PinLocked("locked");
        }
        if (!text.equals(pin)) {
            wrong++;
            throw new TokenException.PinIncorrect("wrong", flags());
        }
        wrong = 0;
    }

    private PinTries flags() {
        if (honesty != Honesty.ALL_FLAGS || wrong == 0) {
            return PinTries.UNKNOWN;
        }
        if (wrong >= maxTries) {
            return PinTries.LOCKED;
        }
        return wrong == maxTries - 1 ? PinTries.FINAL : PinTries.LOW;
    }

    @Override
    public TokenIdentity identity() {
        return identity;
    }

    @Override
    public String module() {
        return "model";
    }

    @Override
    public synchronized TokenState state() {
        if (absent) {
            return new TokenState.Absent();
        }
        return loggedIn ? new TokenState.LoggedIn() : new TokenState.LoggedOut(flags());
    }

    @Override
    public synchronized boolean pinPad() {
        return pad;
    }

    @Override
    public int minPinLength() {
        return 4;
    }

    @Override
    public int maxPinLength() {
        return 16;
    }

    @Override
    public long generation() {
        return 1;
    }

    @Override
    public void distrust(long generation, String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<KeyDescriptor> keys() {
        return List.of();
    }

    @Override
    public synchronized void logout() {
        loggedIn = false;
    }

    @Override
    public byte[] sign(KeyDescriptor key, KeyAlgorithm algorithm, byte[] input, @Nullable MemorySegment entered) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] decrypt(
            KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext, @Nullable MemorySegment entered) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] decryptPkcs1(
            KeyDescriptor key, byte[] ciphertext, Pkcs1Rejection rejection, @Nullable MemorySegment entered) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] agree(KeyDescriptor key, byte[] publicKey, @Nullable MemorySegment entered) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void provePossession(KeyDescriptor key, @Nullable MemorySegment entered) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TokenObjectList objects() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TokenInfo info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<Long, MechanismInfo> mechanisms() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] random(int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void seedRandom(byte[] seed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TokenAdministration administration() {
        throw new UnsupportedOperationException();
    }
}
