package org.tokend.pkcs11.rpc;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into a message, before its arguments are read, for the call and the session it names. */
final class CallTarget {
    /** CK_INVALID_HANDLE: calls that name it need no order. */
    static final long NO_SESSION = 0;

    private static final Set<Call> WITHOUT_SESSION = EnumSet.of(
            Call.INITIALIZE,
            Call.FINALIZE,
            Call.GET_INFO,
            Call.GET_SLOT_LIST,
            Call.GET_SLOT_INFO,
            Call.GET_TOKEN_INFO,
            Call.GET_MECHANISM_LIST,
            Call.GET_MECHANISM_INFO,
            Call.INIT_TOKEN,
            Call.INIT_TOKEN_2,
            Call.OPEN_SESSION,
            Call.CLOSE_ALL_SESSIONS,
            Call.WAIT_FOR_SLOT_EVENT);

    private CallTarget() {}

    /** @return null for a message that is answered with an error whatever else is in it. The position stays. */
    static @Nullable Call call(MessageReader body) {
        long start = body.position();
        try {
            return Call.ofId(body.u32());
        } catch (WireFormatException e) {
            return null;
        } finally {
            body.position(start);
        }
    }

    /** The position stays. */
    static long session(@Nullable Call call, MessageReader body) {
        if (call == null || WITHOUT_SESSION.contains(call)) {
            return NO_SESSION;
        }
        long start = body.position();
        try {
            body.u32();
            body.skip(Integer.toUnsignedLong(body.u32()));
            return body.u64();
        } catch (WireFormatException e) {
            return NO_SESSION;
        } finally {
            body.position(start);
        }
    }
}
