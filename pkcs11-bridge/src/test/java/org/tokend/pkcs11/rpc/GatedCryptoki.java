package org.tokend.pkcs11.rpc;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** A module whose functions wait until they are let go, one call for each permit; for what runs beside what. */
final class GatedCryptoki {
    private final Map<String, Semaphore> gates = new ConcurrentHashMap<>();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    /** Calls of this function wait from now on. */
    GatedCryptoki gate(String function) {
        gates.put(function, new Semaphore(0));
        return this;
    }

    void letGo(String function) {
        Objects.requireNonNull(gates.get(function)).release();
    }

    /** {@code >name session} at the begin of each call, {@code <name session} at its end. */
    List<String> events() {
        return List.copyOf(events);
    }

    Cryptoki cryptoki() {
        return (Cryptoki) Proxy.newProxyInstance(
                Cryptoki.class.getClassLoader(), new Class<?>[] {Cryptoki.class}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.equals("outputBound")) {
                        return java.util.OptionalInt.empty();
                    }
                    String described = arguments == null ? name : name + " " + arguments[0];
                    events.add(">" + described);
                    Semaphore gate = gates.get(name);
                    if (gate != null) {
                        try {
                            gate.acquire();
                        } catch (InterruptedException e) {
                            events.add("!" + described);
                            throw new CryptokiException(name, CKR.CRYPTOKI_NOT_INITIALIZED);
                        }
                    }
                    events.add("<" + described);
                    return switch (name) {
                        case "sign" -> arguments[1];
                        case "waitForSlotEvent" -> 7L;
                        case "openSession" -> 17L;
                        default -> null;
                    };
                });
    }
}
