package org.tokend.pkcs11.rpc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/** The arguments of a call, read by its signature; written again, they must come out the same each time. */
final class CallShape {
    private final Call call;
    private final MechanismCodec mechanisms;

    CallShape(Call call, Dialect dialect) {
        this.call = call;
        this.mechanisms = new MechanismCodec(dialect);
    }

    /** The parts of a signature, such as {@code u}, {@code ay} or {@code fA}. */
    static List<String> parts(String signature) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < signature.length(); i++) {
            char c = signature.charAt(i);
            parts.add(c == 'a' || c == 'f' ? signature.substring(i, ++i + 1) : String.valueOf(c));
        }
        return parts;
    }

    /** @return null for what has no place in an array, such as a NULL mechanism */
    @Nullable
    List<Object> read(MessageReader in) throws WireFormatException, CryptokiException {
        List<Object> values = new ArrayList<>();
        List<String> parts = parts(call.request());
        for (int i = 0; i < parts.size(); i++) {
            Object value = value(parts.get(i), in, parts.subList(i + 1, parts.size()));
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private @Nullable Object value(String part, MessageReader in, List<String> behind)
            throws WireFormatException, CryptokiException {
        return switch (part) {
            case "y" -> in.u8();
            case "u" -> in.u64();
            case "fu", "fy" -> in.u32();
            case "ay" -> in.data();
            case "z", "s" -> in.bytes();
            case "aA" -> AttributeCodec.readTemplate(in, call, false);
            case "fA" -> new Queries(AttributeQuery.read(in));
            case "M" -> mechanisms.read(in, leastSize(behind));
            default -> throw new AssertionError("no argument is a " + part);
        };
    }

    private static long leastSize(List<String> parts) {
        return parts.stream()
                .mapToLong(part -> switch (part) {
                    case "u" -> Long.BYTES;
                    case "ay" -> 1;
                    default -> Integer.BYTES;
                })
                .sum();
    }

    private record Queries(List<AttributeQuery> entries) {}

    void write(MessageWriter out, List<Object> values) throws WireFormatException {
        List<String> parts = parts(call.request());
        for (int i = 0; i < parts.size(); i++) {
            write(out, parts.get(i), values.get(i));
        }
    }

    @SuppressWarnings("unchecked")
    private void write(MessageWriter out, String part, Object value) throws WireFormatException {
        switch (part) {
            case "y" -> out.u8((Integer) value);
            case "u" -> out.u64((Long) value);
            case "fu", "fy" -> out.u32((Integer) value);
            case "ay" -> out.array((byte[]) value);
            case "z", "s" -> out.bytes((byte[]) value);
            case "aA" -> AttributeCodec.writeTemplate(out, (List<Attribute>) value);
            case "fA" -> AttributeQuery.write(out, ((Queries) value).entries());
            case "M" -> mechanisms.write(out, (Mechanism) value);
            default -> throw new AssertionError("no argument is a " + part);
        }
    }
}
