package org.tokend.pkcs11.rpc;

import java.nio.ByteBuffer;
import java.util.Map;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.KeyPairHandles;
import org.tokend.pkcs11.cryptoki.Mechanism;

/** Serves the making, wrapping and deriving of keys. */
final class KeyCalls {
    /** Bytes of an empty template. */
    private static final int TEMPLATE = Integer.BYTES;

    private KeyCalls() {}

    static void addTo(Map<Call, Handler> table) {
        table.put(Call.GENERATE_KEY, x -> {
            long session = x.in().u64();
            Mechanism mechanism = x.mechanism(TEMPLATE);
            long key = x.cryptoki().generateKey(session, mechanism, x.template());
            x.reply().u64(key);
        });
        table.put(Call.GENERATE_KEY_PAIR, x -> {
            long session = x.in().u64();
            Mechanism mechanism = x.mechanism(2 * TEMPLATE);
            KeyPairHandles pair = x.cryptoki().generateKeyPair(session, mechanism, x.template(), x.template());
            x.reply().u64(pair.publicKey()).u64(pair.privateKey());
        });
        table.put(Call.WRAP_KEY, KeyCalls::wrapKey);
        table.put(Call.UNWRAP_KEY, KeyCalls::unwrapKey);
        table.put(Call.DERIVE_KEY, x -> {
            long session = x.in().u64();
            Mechanism mechanism = x.mechanism(Long.BYTES + TEMPLATE);
            long key = x.cryptoki().deriveKey(session, mechanism, x.in().u64(), x.template());
            x.reply().u64(key);
        });
        table.put(Call.DERIVE_KEY_2, KeyCalls::deriveKey2);
    }

    /** Its output is held for the two keys that it names. */
    private static void wrapKey(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        Mechanism mechanism = x.mechanism(2 * Long.BYTES + TEMPLATE);
        long wrappingKey = x.in().u64();
        long key = x.in().u64();
        byte[] names = ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(mechanism.type())
                .putLong(wrappingKey)
                .putLong(key)
                .array();
        x.replyOutput(session, names, () -> x.cryptoki().wrapKey(session, mechanism, wrappingKey, key));
    }

    private static void unwrapKey(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        Mechanism mechanism = x.mechanism(Long.BYTES + 1 + TEMPLATE);
        long unwrappingKey = x.in().u64();
        byte[] wrapped = x.in().data();
        long key = x.cryptoki().unwrapKey(session, mechanism, unwrappingKey, wrapped, x.template());
        x.reply().u64(key);
    }

    /**
     * The reply tells what became of the mechanism's parameter: nothing for a mechanism without one, else whether there was
     * one. Only two of IBM's mechanisms change theirs; they are refused.
     */
    private static void deriveKey2(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        Mechanism mechanism = x.mechanism(Long.BYTES + TEMPLATE);
        long key = x.cryptoki().deriveKey(session, mechanism, x.in().u64(), x.template());
        MessageWriter out = x.reply().u64(CKR.OK);
        if (ParameterEncoding.of(mechanism.type()) != ParameterEncoding.NONE) {
            out.u8(mechanism.parameter() instanceof Mechanism.None ? 0 : 1);
        }
        out.u64(key);
    }
}
