package org.tokend.pkcs11.rpc;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * Outputs that were too long for the caller's buffer, kept until it asks again with a larger one. PKCS#11 lets a caller ask
 * for the length of an output without ending the operation (v3.1 §5.2); {@code Cryptoki} has no such question, so the
 * operation is carried out at the first and answered from here at the second. Asked with other input, the function is called
 * again. Calls of different sessions may come at the same time.
 */
final class HeldOutputs {
    private static final int MOST = 64;

    private record Held(Call call, byte @Nullable [] input, byte[] output) {
        boolean is(Call asked, byte @Nullable [] with) {
            return call == asked && Arrays.equals(input, with);
        }

        void wipe() {
            Arrays.fill(output, (byte) 0);
        }
    }

    private final Map<Long, Held> bySession = new LinkedHashMap<>();

    byte[] get(Call call, long session, byte @Nullable [] input, Exchange.Source source) throws CryptokiException {
        Held held;
        synchronized (this) {
            held = bySession.remove(session);
        }
        if (held != null && held.is(call, input)) {
            return held.output;
        }
        if (held != null) {
            held.wipe();
        }
        return source.get();
    }

    synchronized boolean has(Call call, long session, byte @Nullable [] input) {
        Held held = bySession.get(session);
        return held != null && held.is(call, input);
    }

    synchronized void put(Call call, long session, byte @Nullable [] input, byte[] output) {
        if (bySession.size() >= MOST) {
            drop(bySession.keySet().iterator().next());
        }
        bySession.put(session, new Held(call, input, output));
    }

    /** A new operation begins in the session, or the session ends. */
    synchronized void drop(long session) {
        Held held = bySession.remove(session);
        if (held != null) {
            held.wipe();
        }
    }

    synchronized void clear() {
        bySession.values().forEach(Held::wipe);
        bySession.clear();
    }
}
