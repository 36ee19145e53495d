package org.tokend.pkcs11.key;

import java.util.Arrays;

/**
 * CKA_EC_POINT: some tokens wrap the point in an OCTET STRING, as the specification says, some in a BIT STRING, some not at
 * all. The length decides, never a first try at DER: a raw point may well begin like an OCTET STRING.
 */
public final class EcPointAttribute {
    private EcPointAttribute() {}

    public static byte[] unwrap(Curve curve, byte[] value) throws MalformedDerException {
        int field = curve.fieldLength();
        int[] lengths = curve.edwards() ? new int[] {field} : new int[] {1 + 2 * field, 1 + field};
        for (int length : lengths) {
            if (value.length == length) {
                return value;
            }
            byte[] placeholder = new byte[length];
            if (value.length == Der.octetString(placeholder).length && value[0] == Der.OCTET_STRING) {
                return whole(new DerReader(value), Der.OCTET_STRING, length);
            }
            if (value.length == Der.bitString(placeholder).length && value[0] == Der.BIT_STRING) {
                byte[] bits = whole(new DerReader(value), Der.BIT_STRING, length + 1);
                if (bits[0] == 0) {
                    return Arrays.copyOfRange(bits, 1, bits.length);
                }
            }
        }
        throw new MalformedDerException("CKA_EC_POINT of " + value.length + " bytes is no point on " + curve);
    }

    private static byte[] whole(DerReader reader, int tag, int length) throws MalformedDerException {
        byte[] value = reader.value(tag);
        reader.finish();
        if (value.length != length) {
            throw new MalformedDerException("CKA_EC_POINT is cut off");
        }
        return value;
    }
}
