package org.tokend.pkcs11.key;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Points on the curves of FIPS 186: decoding, and the proof that a point lies on its curve (SEC 1 §2.3.4, §3.2.2.1). */
public final class EcPoint {
    private record Parameters(BigInteger p, BigInteger b, BigInteger n) {}

    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final Map<Curve, Parameters> PARAMETERS = new EnumMap<>(Map.of(
            Curve.P256,
            new Parameters(
                    hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
                    hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
                    hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")),
            Curve.P384,
            new Parameters(
                    hex(
                            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"),
                    hex(
                            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"),
                    hex(
                            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973")),
            Curve.P521,
            new Parameters(
                    BigInteger.TWO.pow(521).subtract(BigInteger.ONE),
                    hex(
                            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1"
                                    + "bf073573df883d2c34f1ef451fd46b503f00"),
                    hex(
                            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f7"
                                    + "09a5d03bb5c9b8899c47aebb6fb71e91386409"))));

    private EcPoint() {}

    static BigInteger order(Curve curve) {
        return parameters(curve).n();
    }

    /**
     * @param encoded compressed or uncompressed
     * @return the point, uncompressed
     * @throws MalformedDerException when it is none, or does not lie on the curve
     */
    public static byte[] validated(Curve curve, byte[] encoded) throws MalformedDerException {
        int length = curve.fieldLength();
        boolean uncompressed = encoded.length == 1 + 2 * length && encoded[0] == 4;
        boolean compressed = encoded.length == 1 + length && (encoded[0] == 2 || encoded[0] == 3);
        if (!uncompressed && !compressed) {
            throw new MalformedDerException("a point on " + curve + " has another length or form");
        }
        BigInteger p = parameters(curve).p();
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(encoded, 1, 1 + length));
        BigInteger y = compressed
                ? root(curve, x, encoded[0] == 3)
                : new BigInteger(1, Arrays.copyOfRange(encoded, 1 + length, encoded.length));
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.multiply(y).mod(p).equals(rightSide(curve, x))) {
            throw new MalformedDerException("the point does not lie on the curve " + curve);
        }
        return compressed ? uncompressed(curve, x, y) : encoded.clone();
    }

    /** x³ - 3x + b. */
    private static BigInteger rightSide(Curve curve, BigInteger x) {
        Parameters parameters = parameters(curve);
        return x.pow(3).subtract(THREE.multiply(x)).add(parameters.b()).mod(parameters.p());
    }

    /** All three primes are 3 mod 4, so a square root is a power. */
    private static BigInteger root(Curve curve, BigInteger x, boolean odd) {
        BigInteger p = parameters(curve).p();
        BigInteger y = rightSide(curve, x).modPow(p.add(BigInteger.ONE).shiftRight(2), p);
        return y.testBit(0) == odd ? y : p.subtract(y);
    }

    private static byte[] uncompressed(Curve curve, BigInteger x, BigInteger y) {
        int length = curve.fieldLength();
        byte[] point = new byte[1 + 2 * length];
        point[0] = 4;
        put(x, point, 1, length);
        put(y, point, 1 + length, length);
        return point;
    }

    private static void put(BigInteger value, byte[] to, int offset, int length) {
        byte[] bytes = value.toByteArray();
        int skip = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, skip, to, offset + length - (bytes.length - skip), bytes.length - skip);
    }

    private static Parameters parameters(Curve curve) {
        Parameters parameters = PARAMETERS.get(curve);
        if (parameters == null) {
            throw new IllegalArgumentException(curve + " is not a curve of FIPS 186");
        }
        return parameters;
    }

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }
}
