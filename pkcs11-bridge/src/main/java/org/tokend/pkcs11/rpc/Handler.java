package org.tokend.pkcs11.rpc;

import java.util.EnumMap;
import java.util.Map;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Reads the arguments of one call, calls, and writes the reply. */
interface Handler {
    void handle(Exchange x) throws CryptokiException, WireFormatException;

    /** All calls that {@code Cryptoki} has; the others are answered with CKR_FUNCTION_NOT_SUPPORTED. */
    static Map<Call, Handler> table() {
        Map<Call, Handler> table = new EnumMap<>(Call.class);
        SlotCalls.addTo(table);
        SessionCalls.addTo(table);
        ObjectCalls.addTo(table);
        CipherCalls.addTo(table);
        SignatureCalls.addTo(table);
        KeyCalls.addTo(table);
        return table;
    }
}
