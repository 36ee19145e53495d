package org.tokend.pkcs11.rpc;

import java.util.EnumSet;
import java.util.Set;

/** How long a call keeps its thread; decides whether another thread takes over reading before it runs. */
enum CallWeight {
    /** Answered from memory. */
    LIGHT,
    /** A token may be asked, or a public-key operation carried out. */
    HEAVY,
    /** Waits for a person or an event, or keeps a card busy for seconds. */
    BLOCKING,
    /** Has to find no other call of its connection running. */
    ALONE;

    private static final Set<Call> HEAVY_CALLS = EnumSet.of(
            Call.SIGN,
            Call.SIGN_FINAL,
            Call.DECRYPT,
            Call.DECRYPT_UPDATE,
            Call.DECRYPT_FINAL,
            Call.ENCRYPT,
            Call.VERIFY,
            Call.VERIFY_FINAL,
            Call.WRAP_KEY,
            Call.UNWRAP_KEY,
            Call.DERIVE_KEY,
            Call.DERIVE_KEY_2,
            Call.CREATE_OBJECT,
            Call.COPY_OBJECT,
            Call.DESTROY_OBJECT,
            Call.SET_ATTRIBUTE_VALUE,
            Call.FIND_OBJECTS_INIT,
            Call.GENERATE_RANDOM,
            Call.SEED_RANDOM,
            Call.CLOSE_ALL_SESSIONS,
            Call.LOGOUT);
    private static final Set<Call> BLOCKING_CALLS = EnumSet.of(
            Call.LOGIN,
            Call.LOGIN_USER,
            Call.INIT_PIN,
            Call.SET_PIN,
            Call.INIT_TOKEN,
            Call.INIT_TOKEN_2,
            Call.WAIT_FOR_SLOT_EVENT,
            Call.GENERATE_KEY,
            Call.GENERATE_KEY_PAIR);

    static CallWeight of(Call call) {
        if (call == Call.INITIALIZE || call == Call.FINALIZE) {
            return ALONE;
        }
        if (BLOCKING_CALLS.contains(call)) {
            return BLOCKING;
        }
        return HEAVY_CALLS.contains(call) ? HEAVY : LIGHT;
    }
}
