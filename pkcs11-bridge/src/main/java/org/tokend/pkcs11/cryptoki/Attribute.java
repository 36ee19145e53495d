package org.tokend.pkcs11.cryptoki;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One CK_ATTRIBUTE. The value stands as in C memory: CK_BBOOL is one byte, CK_ULONG eight bytes in the machine's order,
 * CK_DATE eight ASCII digits or nothing, mechanism lists eight bytes an entry.
 *
 * @param value null where the token does not have or does not reveal it (ulValueLen is CK_UNAVAILABLE_INFORMATION)
 */
public record Attribute(long type, byte @Nullable [] value) {

    public static Attribute of(long type, byte[] value) {
        return new Attribute(type, value);
    }

    public static Attribute of(long type, boolean value) {
        return new Attribute(type, new byte[] {(byte) (value ? 1 : 0)});
    }

    public static Attribute of(long type, long value) {
        return new Attribute(
                type,
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(value)
                        .array());
    }

    public static Attribute unavailable(long type) {
        return new Attribute(type, null);
    }

    /** The CK_BBOOL in it, or {@code otherwise} when it is not there. */
    public boolean asBoolean(boolean otherwise) {
        return value == null || value.length == 0 ? otherwise : value[0] != 0;
    }

    /** The CK_ULONG in it, or {@code otherwise} when it is not there or not eight bytes long. */
    public long asLong(long otherwise) {
        return value == null || value.length != Long.BYTES
                ? otherwise
                : ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Attribute that && type == that.type && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(type) + Arrays.hashCode(value);
    }

    /** Type and length only: values can be secret. */
    @Override
    public String toString() {
        return "Attribute[0x" + Long.toHexString(type) + ", "
                + (value == null ? "unavailable" : value.length + " bytes") + "]";
    }
}
