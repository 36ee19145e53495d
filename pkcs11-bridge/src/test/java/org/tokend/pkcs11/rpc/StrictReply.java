package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.tokend.pkcs11.cryptoki.CKR;

/** Reads replies as clients do: by the signature of the call, to the last byte. */
final class StrictReply {
    private final MessageReader in;

    private StrictReply(MessageReader in) {
        this.in = in;
    }

    /** @return CKR_OK, or the error that the reply tells */
    static long check(Call call, byte[] body) throws WireFormatException {
        MessageReader in = new MessageReader(MemorySegment.ofArray(body), 0, body.length);
        int id = in.u32();
        String text = new String(Objects.requireNonNull(in.bytes()), StandardCharsets.US_ASCII);
        long returnValue = CKR.OK;
        if (id == Call.ERROR_ID) {
            assertThat(text).isEqualTo(Call.ERROR_SIGNATURE);
            returnValue = in.u64();
            assertThat(returnValue).as("return value of an error").isNotEqualTo(CKR.OK);
        } else {
            assertThat(id).isEqualTo(call.id());
            assertThat(text).isEqualTo(call.reply());
            new StrictReply(in).values(text);
        }
        assertThat(in.remaining()).as("bytes behind the reply").isZero();
        return returnValue;
    }

    private void values(String signature) throws WireFormatException {
        for (String part : CallShape.parts(signature)) {
            switch (part) {
                case "u" -> in.u64();
                case "v" -> in.skip(2);
                case "s" -> assertThat(in.bytes()).isNotNull();
                case "ay" -> in.output();
                case "au" -> in.numbers(WireBounds.LIST);
                case "aA" -> attributes();
                // Behind it stands a number: with a parameter's byte, or without.
                case "P" -> in.skip(in.remaining() - Long.BYTES);
                default -> throw new AssertionError("no result is a " + part);
            }
        }
    }

    private void attributes() throws WireFormatException {
        int count = in.count(5, WireBounds.ATTRIBUTES);
        for (int i = 0; i < count; i++) {
            long type = Integer.toUnsignedLong(in.u32());
            int valid = in.u8();
            assertThat(valid).isBetween(0, 1);
            if (valid == 1) {
                value(AttributeEncoding.of(type), in.u32());
            }
        }
    }

    private void value(AttributeEncoding encoding, int length) throws WireFormatException {
        switch (encoding) {
            case BYTE -> {
                assertThat(length).isEqualTo(1);
                in.u8();
            }
            case NUMBER -> {
                assertThat(length).isIn(Integer.BYTES, Long.BYTES);
                in.u64();
            }
            case TEMPLATE -> attributes();
            case MECHANISMS -> in.skip((long) in.count(Long.BYTES, WireBounds.LIST) * Long.BYTES);
            case DATE, BYTES -> {
                byte[] value = in.bytes();
                assertThat(value == null || value.length == length).isTrue();
            }
        }
    }
}
