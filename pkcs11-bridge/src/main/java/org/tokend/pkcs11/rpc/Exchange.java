package org.tokend.pkcs11.rpc;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/**
 * One call of one connection, on the serving side: its arguments, the module, and where the reply goes.
 *
 * @param in stands at the first argument
 * @param out stands where the body of the reply begins
 */
record Exchange(
        Call call,
        Cryptoki cryptoki,
        MessageReader in,
        MessageWriter out,
        MechanismCodec mechanisms,
        HeldOutputs held) {

    /** Begins the reply; to be called when nothing can fail any more but the room for it. */
    MessageWriter reply() throws WireFormatException {
        out.startBody(call.id(), call.reply());
        return out;
    }

    CryptokiException failure(long returnValue) {
        return new CryptokiException(call.function(), returnValue);
    }

    /** Our modules are asked through functions of PKCS#11 v2.40, where a NULL mechanism is CKR_ARGUMENTS_BAD. */
    Mechanism mechanism(long behind) throws WireFormatException, CryptokiException {
        Mechanism mechanism = mechanisms.read(in, behind);
        if (mechanism == null) {
            throw failure(CKR.ARGUMENTS_BAD);
        }
        return mechanism;
    }

    /** {@code fu}: how many numbers the caller has room for, bounded to what a reply may hold. */
    int numbers() throws WireFormatException {
        int capacity = in.u32();
        return capacity < 0 || capacity > WireBounds.LIST ? WireBounds.LIST : capacity;
    }

    /** {@code au}: the values, or their count when the caller has no room for them. */
    void replyNumbers(int capacity, long[] values) throws WireFormatException {
        if (capacity < values.length) {
            reply().arrayLength(values.length);
        } else {
            reply().numbers(values);
        }
    }

    /** Produces output: what the function returns, or its length when the caller's buffer is too small for it. */
    interface Source {
        byte[] get() throws CryptokiException;
    }

    /** {@code uayfy} and {@code ufy}: functions whose output the caller may ask the length of first. */
    void replyOutput(long session, byte @Nullable [] input, Source source)
            throws WireFormatException, CryptokiException {
        int capacity = in.u32();
        byte[] output = held.get(call, session, input, source);
        boolean query = capacity == 0;
        // 0xffffffff is a buffer of length 0, unlike 0, which is no buffer.
        long room = capacity == MessageWriter.NULL_ARRAY ? 0 : Integer.toUnsignedLong(capacity);
        if (output.length > room) {
            held.put(call, session, input, output);
            reply().arrayLength(output.length);
            return;
        }
        if (query) {
            held.put(call, session, input, output);
        }
        reply().array(output);
    }
}
