package org.tokend.daemon.software;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.unlock.PassphraseUse;
import org.tokend.daemon.unlock.PinUse;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.daemon.unlock.UnlockReason;
import org.tokend.daemon.unlock.UnlockService;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.TokenDescription;

/** Says yes to everything and remembers what it was asked. */
public final class RecordingUnlock implements UnlockService {
    public final List<String> calls = new ArrayList<>();
    public Consumer<Token> atUnlock = token -> {};
    public Answer answer = () -> {};

    /** What the person does. */
    public interface Answer {
        void give() throws UnlockException;
    }

    @Override
    public void ensureUnlocked(Token token, UnlockReason reason, EventSink events) throws UnlockException {
        calls.add("ensureUnlocked " + token.identity().label());
        answer.give();
        atUnlock.accept(token);
    }

    @Override
    public void ensureUnlocked(Token token, UnlockReason reason, @Nullable MemorySegment pin, EventSink events)
            throws UnlockException {
        calls.add((pin == null ? "ensureUnlocked " : "ensureUnlocked with a PIN ")
                + token.identity().label());
        answer.give();
        atUnlock.accept(token);
    }

    @Override
    public <T> T withContextPin(Token token, KeyDescriptor key, UnlockReason reason, EventSink events, PinUse<T> use)
            throws UnlockException, TokenException {
        calls.add("withContextPin " + token.identity().label());
        return use.use(null);
    }

    @Override
    public void confirm(Token token, UnlockReason reason, EventSink events) {
        calls.add("confirm " + token.identity().label());
    }

    @Override
    public <T, E extends Exception> T withPassphrase(
            Token token, UnlockReason reason, boolean isNew, EventSink events, PassphraseUse<T, E> use) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void lock(Token token) {
        calls.add("lock " + token.identity().label());
    }

    @Override
    public void touched(Token token) {
        calls.add("touched " + token.identity().label());
    }

    @Override
    public TokenDescription.Tries tries(Token token) {
        return TokenDescription.Tries.UNKNOWN;
    }

    @Override
    public void close() {}
}
