package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.Version;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.Token;

/** A gate without a daemon: it asks the token at once. What it was asked is remembered. */
final class FakeGate implements ApplicationGate {
    /** A PIN that the person is taken to type. */
    static final String PIN = "1234";

    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    final Set<String> hiddenKeys = new HashSet<>();
    final Set<Long> withheldMechanisms = new HashSet<>();
    private final List<ApplicationSlot> slots = new ArrayList<>();
    private long changes;
    volatile boolean manages;
    volatile Runnable duringSigning = () -> {};

    synchronized long add(@Nullable Token token, boolean blank) {
        Version version = new Version(3, 4);
        SlotInfo info = new SlotInfo("reader", "Fakes", 0, version, version);
        long id = slots.size() + 1L;
        slots.add(new ApplicationSlot(id, new ReaderSlot("fake", id, info, token, blank), token != null || blank));
        changed();
        return id;
    }

    synchronized void put(long id, @Nullable Token token) {
        ApplicationSlot old = slots.get((int) id - 1);
        ReaderSlot reader = new ReaderSlot("fake", id, old.reader().info(), token, false);
        slots.set((int) id - 1, new ApplicationSlot(id, reader, token != null));
        changed();
    }

    private synchronized void changed() {
        changes++;
        notifyAll();
    }

    @Override
    public synchronized List<ApplicationSlot> slots() {
        return List.copyOf(slots);
    }

    @Override
    public synchronized long slotChanges() {
        return changes;
    }

    @Override
    public synchronized void awaitSlotChange(long seen) throws InterruptedException {
        asked.add("await");
        while (changes == seen) {
            wait();
        }
    }

    @Override
    public boolean mayManage() {
        return manages;
    }

    @Override
    public boolean shows(KeyDescriptor key) {
        return !hiddenKeys.contains(key.label());
    }

    @Override
    public boolean offers(Token token, long mechanism) {
        return !withheldMechanisms.contains(mechanism);
    }

    @Override
    public void login(Token token, @Nullable MemorySegment pin) throws CryptokiException {
        String typed = pin == null ? PIN : new String(pin.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        asked.add(pin == null ? "login" : "login with a PIN");
        if (!typed.equals(PIN)) {
            throw new CryptokiException("C_Login", CKR.PIN_INCORRECT);
        }
    }

    @Override
    public byte[] sign(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] input) throws CryptokiException {
        asked.add("sign " + key.label() + " " + algorithm);
        duringSigning.run();
        try {
            return token.sign(key, algorithm, input, null);
        } catch (TokenException e) {
            throw Refusal.of("C_Sign", e);
        }
    }

    @Override
    public byte[] decrypt(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext)
            throws CryptokiException {
        asked.add("decrypt " + key.label() + " " + algorithm);
        try {
            return token.decrypt(key, algorithm, ciphertext, null);
        } catch (TokenException e) {
            throw Refusal.of("C_Decrypt", e);
        }
    }

    @Override
    public byte[] agree(Token token, KeyDescriptor key, byte[] publicKey) throws CryptokiException {
        asked.add("agree " + key.label());
        try {
            return token.agree(key, publicKey, null);
        } catch (TokenException e) {
            throw Refusal.of("C_DeriveKey", e);
        }
    }

    @Override
    public void manage(String function, @Nullable Token token) throws CryptokiException {
        asked.add("manage " + function);
        if (!manages) {
            throw new CryptokiException(function, CKR.ACTION_PROHIBITED);
        }
    }

    @Override
    public void initialise(ApplicationSlot slot, @Nullable MemorySegment officerPin, String label) {
        asked.add("initialise " + label);
    }
}
