package org.tokend.pkcs11.rpc;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.SignInit;

/**
 * The calls whose output has no known length. The room that is offered holds what any sane module returns, so that one
 * round trip does; when it does not, the call is made again with the room that the other end asked for.
 */
final class OutputCalls {
    /** More than the longest signature there is (SLH-DSA, 49,856 bytes). */
    private static final int ROOM = 64 << 10;

    private static final int LIST_ROOM = 1024;

    /** A list that grows under our hands is asked for again, not for ever. */
    private static final int TRIES = 4;

    private final RpcConnection rpc;
    private final MechanismCodec mechanisms;

    OutputCalls(RpcConnection rpc, MechanismCodec mechanisms) {
        this.rpc = rpc;
        this.mechanisms = mechanisms;
    }

    void start(Call call, long session, Mechanism mechanism, long key) throws CryptokiException {
        rpc.call(call, operation(session, mechanism, key), in -> CKR.OK);
    }

    private RpcConnection.Arguments operation(long session, Mechanism mechanism, long key) {
        return out -> {
            mechanisms.write(out.u64(session), mechanism);
            out.u64(key);
        };
    }

    byte[] transform(Call call, long session, byte[] data) throws CryptokiException {
        return output(call, out -> out.u64(session).array(data), room(data));
    }

    private static int room(byte[] data) {
        return Math.min(data.length + ROOM, WireBounds.OUTPUT);
    }

    byte[] finish(Call call, long session) throws CryptokiException {
        return output(call, out -> out.u64(session), ROOM);
    }

    byte[] wrap(long session, Mechanism mechanism, long wrappingKey, long key) throws CryptokiException {
        return output(
                Call.WRAP_KEY,
                out -> {
                    mechanisms.write(out.u64(session), mechanism);
                    out.u64(wrappingKey).u64(key);
                },
                ROOM);
    }

    byte[] decrypt(long session, Mechanism mechanism, long key, byte[] data) throws CryptokiException {
        RpcConnection.Step start = new RpcConnection.Step(Call.DECRYPT_INIT, operation(session, mechanism, key));
        return transform(null, start, Call.DECRYPT, session, data);
    }

    byte[] sign(long session, SignInit init, byte[] data, Ahead ahead) throws CryptokiException {
        RpcConnection.Step start =
                new RpcConnection.Step(Call.SIGN_INIT, operation(session, init.mechanism(), init.key()));
        return transform(ahead.again() ? start : null, ahead.done() ? null : start, Call.SIGN, session, data);
    }

    private byte[] transform(
            RpcConnection.@Nullable Step afterwards,
            RpcConnection.@Nullable Step start,
            Call call,
            long session,
            byte[] data)
            throws CryptokiException {
        int room = room(data);
        MessageReader.Output output = rpc.call(
                afterwards,
                start,
                new RpcConnection.Step(call, out -> out.u64(session).array(data).u32(room)),
                in -> checked(in.output(), room));
        byte[] value = output.value();
        return value != null ? value : output(call, out -> out.u64(session).array(data), output.length());
    }

    private byte[] output(Call call, RpcConnection.Arguments arguments, int room) throws CryptokiException {
        int offered = room;
        for (int i = 0; i < TRIES; i++) {
            int capacity = offered;
            MessageReader.Output output = rpc.call(
                    call,
                    out -> {
                        arguments.write(out);
                        out.u32(capacity);
                    },
                    in -> checked(in.output(), capacity));
            byte[] value = output.value();
            if (value != null) {
                return value;
            }
            offered = output.length();
        }
        throw new CryptokiException(call.function(), CKR.GENERAL_ERROR);
    }

    /** What is longer than the room, or asks for room that it had, is no answer. */
    private static MessageReader.Output checked(MessageReader.Output output, int room) throws WireFormatException {
        byte[] value = output.value();
        boolean sane =
                value != null ? value.length <= room : output.length() > room && output.length() <= WireBounds.OUTPUT;
        if (!sane) {
            throw new WireFormatException(
                    "an output of " + Integer.toUnsignedString(output.length()) + " bytes for a buffer of " + room);
        }
        return output;
    }

    long[] list(Call call, RpcConnection.Arguments arguments) throws CryptokiException {
        int offered = LIST_ROOM;
        for (int i = 0; i < TRIES; i++) {
            int room = offered;
            MessageReader.Numbers numbers = rpc.call(
                    call,
                    out -> {
                        arguments.write(out);
                        out.u32(room);
                    },
                    in -> checked(in.numbers(room), room));
            long[] values = numbers.values();
            if (values != null) {
                return values;
            }
            offered = numbers.count();
        }
        throw new CryptokiException(call.function(), CKR.GENERAL_ERROR);
    }

    private static MessageReader.Numbers checked(MessageReader.Numbers numbers, int room) throws WireFormatException {
        if (numbers.values() == null && (numbers.count() <= room || numbers.count() > WireBounds.LIST)) {
            throw new WireFormatException("a list of " + Integer.toUnsignedString(numbers.count()) + " entries");
        }
        return numbers;
    }

    long[] found(long session, int max) throws CryptokiException {
        int most = Math.min(max, WireBounds.LIST);
        MessageReader.Numbers numbers =
                rpc.call(Call.FIND_OBJECTS, out -> out.u64(session).u32(most), in -> checked(in.numbers(most), most));
        long[] values = numbers.values();
        if (values == null) {
            throw new CryptokiException(Call.FIND_OBJECTS.function(), CKR.GENERAL_ERROR);
        }
        return values;
    }

    byte[] random(long session, int length) throws CryptokiException {
        if (length < 0 || length > WireBounds.OUTPUT) {
            throw new CryptokiException(Call.GENERATE_RANDOM.function(), CKR.ARGUMENTS_BAD);
        }
        int room = length == 0 ? MessageWriter.NULL_ARRAY : length;
        return rpc.call(Call.GENERATE_RANDOM, out -> out.u64(session).u32(room), in -> {
            byte[] value = in.output().value();
            if (value == null || value.length != length) {
                throw new WireFormatException("random bytes of another length than asked for");
            }
            return value;
        });
    }
}
