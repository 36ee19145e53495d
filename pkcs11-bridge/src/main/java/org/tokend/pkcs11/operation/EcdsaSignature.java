package org.tokend.pkcs11.operation;

import java.math.BigInteger;
import java.util.Arrays;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.Der;
import org.tokend.pkcs11.key.DerReader;
import org.tokend.pkcs11.key.MalformedDerException;

/** ECDSA signatures: r‖s as PKCS#11 has them, and the SEQUENCE of RFC 3279 §2.2.3. */
public final class EcdsaSignature {
    /** Leading zero bytes that may be missing from r and s: more of them happen once in four thousand million signatures. */
    private static final int MOST_ZEROS = 4;

    private EcdsaSignature() {}

    /**
     * @param signature r‖s in full length (PKCS#11 v3.1 §6.3.1), r‖s cut short alike, or already DER as some modules do
     * @throws MalformedDerException when it is none of these, or r or s is out of range
     */
    static byte[] toDer(Curve curve, byte[] signature) throws MalformedDerException {
        int field = curve.fieldLength();
        if (signature.length == 2 * field) {
            return halves(curve, signature);
        }
        try {
            DerReader reader = new DerReader(signature);
            DerReader pair = reader.sequence();
            reader.finish();
            BigInteger r = pair.unsignedInteger();
            BigInteger s = pair.unsignedInteger();
            pair.finish();
            return checked(curve, r, s);
        } catch (MalformedDerException e) {
            if (signature.length > 2 * field
                    || signature.length < 2 * (field - MOST_ZEROS)
                    || signature.length % 2 != 0) {
                throw new MalformedDerException(
                        "an ECDSA signature of " + signature.length + " bytes is neither r and s nor DER");
            }
            return halves(curve, signature);
        }
    }

    /**
     * @param signature DER
     * @return r‖s, each as long as a field element
     */
    public static byte[] toRaw(Curve curve, byte[] signature) throws MalformedDerException {
        DerReader reader = new DerReader(signature);
        DerReader pair = reader.sequence();
        reader.finish();
        BigInteger r = pair.unsignedInteger();
        BigInteger s = pair.unsignedInteger();
        pair.finish();
        checked(curve, r, s);
        int field = curve.fieldLength();
        byte[] raw = new byte[2 * field];
        put(r, raw, field);
        put(s, raw, 2 * field);
        return raw;
    }

    /** Writes a number that fits so that its last byte stands before {@code end}. */
    private static void put(BigInteger number, byte[] to, int end) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        System.arraycopy(bytes, sign, to, end - (bytes.length - sign), bytes.length - sign);
    }

    private static byte[] halves(Curve curve, byte[] signature) throws MalformedDerException {
        int half = signature.length / 2;
        return checked(
                curve,
                new BigInteger(1, Arrays.copyOfRange(signature, 0, half)),
                new BigInteger(1, Arrays.copyOfRange(signature, half, signature.length)));
    }

    private static byte[] checked(Curve curve, BigInteger r, BigInteger s) throws MalformedDerException {
        BigInteger order = curve.order();
        if (r.signum() == 0 || s.signum() == 0 || r.compareTo(order) >= 0 || s.compareTo(order) >= 0) {
            throw new MalformedDerException("r or s of an ECDSA signature is out of range");
        }
        return Der.sequence(Der.integer(r), Der.integer(s));
    }
}
