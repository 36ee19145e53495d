package org.tokend.daemon.rejection;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.tokend.daemon.access.Caller;
import org.tokend.pkcs11.KeyFingerprint;

/**
 * How many different PKCS#1 v1.5 ciphertexts one program has had decrypted with one key in the last minute: who guesses at a
 * ciphertext needs thousands, who reads mail does not. The same ciphertext again costs nothing. Thread-safe.
 */
public final class DecryptBudget {
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private final int limit;
    private final LongSupplier nanoTime;
    private final Map<Spender, Map<KeyFingerprint, Long>> spent = new HashMap<>();

    /** @param nanoTime as {@link System#nanoTime} */
    public DecryptBudget(int limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    private record Spender(KeyFingerprint key, int uid, String program) {}

    /** @return false when the budget is spent: then the person decides, and {@link #renew} says that they allowed more */
    public synchronized boolean spend(Caller caller, KeyFingerprint key, byte[] ciphertext) {
        long now = nanoTime.getAsLong();
        spent.values().forEach(times -> times.values().removeIf(time -> now - time > WINDOW));
        spent.values().removeIf(Map::isEmpty);
        Map<KeyFingerprint, Long> times = spent.computeIfAbsent(spender(caller, key), spender -> new LinkedHashMap<>());
        KeyFingerprint hash = KeyFingerprint.of(ciphertext);
        if (!times.containsKey(hash) && times.size() >= limit) {
            return false;
        }
        times.putIfAbsent(hash, now);
        return true;
    }

    public synchronized void renew(Caller caller, KeyFingerprint key) {
        spent.remove(spender(caller, key));
    }

    private static Spender spender(Caller caller, KeyFingerprint key) {
        return new Spender(key, caller.uid(), caller.program());
    }
}
