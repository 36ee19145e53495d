package org.tokend.pkcs11.key;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;

/**
 * A public key in one normal form, so that two of them are the same key exactly when their bytes are: RSA as rsaEncryption,
 * EC as named curve with an uncompressed point.
 */
public final class PublicKeyInfo {
    private static final String RSA_ENCRYPTION = "06092a864886f70d010101";
    private static final String RSASSA_PSS = "06092a864886f70d01010a";
    private static final String EC_PUBLIC_KEY = "06072a8648ce3d0201";

    /** OpenSSL's limit, too. */
    private static final int MOST_BITS = 16_384;

    private static final byte[] DER_NULL = {Der.NULL, 0};

    private final KeyType type;
    private final int bits;
    private final byte[] der;
    private final @Nullable BigInteger modulus;
    private final int hash;

    private PublicKeyInfo(KeyType type, int bits, byte[] der, @Nullable BigInteger modulus) {
        this.type = type;
        this.bits = bits;
        this.der = der;
        this.modulus = modulus;
        this.hash = Arrays.hashCode(der);
    }

    /** Leading zeros do not matter. */
    public static PublicKeyInfo rsa(BigInteger modulus, BigInteger exponent) throws MalformedDerException {
        if (modulus.bitLength() < 512
                || modulus.bitLength() > MOST_BITS
                || exponent.bitLength() > MOST_BITS
                || !modulus.testBit(0)
                || exponent.signum() <= 0
                || !exponent.testBit(0)) {
            throw new MalformedDerException("modulus or exponent cannot be those of an RSA key");
        }
        byte[] key = Der.sequence(Der.integer(modulus), Der.integer(exponent));
        byte[] algorithm = Der.sequence(HexFormat.of().parseHex(RSA_ENCRYPTION), DER_NULL);
        return new PublicKeyInfo(
                KeyType.RSA, modulus.bitLength(), Der.sequence(algorithm, Der.bitString(key)), modulus);
    }

    /** @param point raw: SEC 1 §2.3.3 or the 32 bytes of RFC 8032 */
    public static PublicKeyInfo ec(Curve curve, byte[] point) throws MalformedDerException {
        byte[] oid = curve.oid();
        byte[] der;
        if (curve.edwards()) {
            if (point.length != curve.fieldLength()) {
                throw new MalformedDerException("a point on " + curve + " has another length");
            }
            der = Der.sequence(Der.sequence(oid), Der.bitString(point));
        } else {
            byte[] algorithm = Der.sequence(HexFormat.of().parseHex(EC_PUBLIC_KEY), oid);
            der = Der.sequence(algorithm, Der.bitString(EcPoint.validated(curve, point)));
        }
        return new PublicKeyInfo(curve.type(), curve.bits(), der, null);
    }

    /** @param subjectPublicKeyInfo DER (RFC 5280 §4.1.2.7) */
    public static PublicKeyInfo parse(byte[] subjectPublicKeyInfo) throws MalformedDerException {
        DerReader outer = new DerReader(subjectPublicKeyInfo);
        DerReader info = outer.sequence();
        outer.finish();
        DerReader algorithm = info.sequence();
        byte[] key = info.bitString();
        info.finish();
        byte[] oid = algorithm.element();
        switch (HexFormat.of().formatHex(oid)) {
            case RSA_ENCRYPTION, RSASSA_PSS -> {
                DerReader rsa = new DerReader(key).sequence();
                BigInteger modulus = rsa.unsignedInteger();
                return rsa(modulus, rsa.unsignedInteger());
            }
            case EC_PUBLIC_KEY -> {
                return ec(curve(algorithm.element()), key);
            }
            default -> {
                return ec(curve(oid), key);
            }
        }
    }

    private static Curve curve(byte[] oid) throws MalformedDerException {
        return Curve.ofParameters(oid).orElseThrow(() -> new MalformedDerException("its algorithm is not known here"));
    }

    /** The public key of an X.509 certificate, without looking at anything else in it. */
    static PublicKeyInfo ofCertificate(byte[] certificate) throws MalformedDerException {
        DerReader tbs = new DerReader(certificate).sequence().sequence();
        if (tbs.nextTag() == Der.CONTEXT_0) {
            tbs.element();
        }
        for (int i = 0; i < 5; i++) { // serialNumber, signature, issuer, validity, subject
            tbs.element();
        }
        return parse(tbs.element());
    }

    public KeyType type() {
        return type;
    }

    /** Of the modulus or the field. */
    public int bits() {
        return bits;
    }

    public byte[] der() {
        return der.clone();
    }

    /** Null unless RSA. */
    public @Nullable BigInteger modulus() {
        return modulus;
    }

    public KeyFingerprint fingerprint() {
        return KeyFingerprint.of(der);
    }

    /** The point of an EC key as it stands in the SubjectPublicKeyInfo: uncompressed, or the 32 bytes of Ed25519. */
    public byte[] point() {
        int length = Curve.of(type)
                .map(curve -> curve.edwards() ? curve.fieldLength() : 1 + 2 * curve.fieldLength())
                .orElseThrow();
        return Arrays.copyOfRange(der, der.length - length, der.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublicKeyInfo that && Arrays.equals(der, that.der);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return fingerprint().toString();
    }
}
