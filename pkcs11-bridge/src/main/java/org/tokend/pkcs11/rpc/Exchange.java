package org.tokend.pkcs11.rpc;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
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
record Exchange(Call call, Cryptoki cryptoki, MessageReader in, MessageWriter out, Client client, HeldOutputs held) {

    /** Begins the reply; to be called when nothing can fail any more but the room for it. */
    MessageWriter reply() throws WireFormatException {
        out.startBody(call.id(), call.reply());
        return out;
    }

    CryptokiException failure(long returnValue) {
        return new CryptokiException(call.function(), returnValue);
    }

    /** Where PKCS#11 gives a NULL mechanism no meaning. */
    Mechanism mechanism(long behind) throws WireFormatException, CryptokiException {
        Mechanism mechanism = client.mechanisms().read(in, behind);
        if (mechanism == null) {
            throw failure(CKR.ARGUMENTS_BAD);
        }
        return mechanism;
    }

    /**
     * The mechanism of an Init function.
     *
     * @return null when it ends the operation instead (PKCS#11 v3.1 §5.8.1 and others); not for modules, which are asked
     *     through functions of v2.40
     */
    @Nullable
    Mechanism mechanismOrCancel(long behind) throws WireFormatException, CryptokiException {
        return client.stock() ? client.mechanisms().read(in, behind) : mechanism(behind);
    }

    /** {@code aA}: what objects are to have. */
    List<Attribute> template() throws WireFormatException, CryptokiException {
        return AttributeCodec.readTemplate(in, call, client.stock());
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
        boolean query = capacity == 0;
        // 0xffffffff is a buffer of length 0, unlike 0, which is no buffer.
        long room = capacity == MessageWriter.NULL_ARRAY ? 0 : Integer.toUnsignedLong(capacity);
        if (room == 0 && !held.has(call, session, input)) {
            OptionalInt bound = cryptoki.outputBound(session, call.function(), input == null ? 0 : input.length);
            if (bound.isPresent() && bound.getAsInt() > 0) {
                reply().arrayLength(bound.getAsInt());
                return;
            }
        }
        byte[] output = held.get(call, session, input, source);
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
