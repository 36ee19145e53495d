package org.tokend.pkcs11.provision;

import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.List;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.Der;
import org.tokend.pkcs11.key.PublicKeyInfo;

/** A key pair in memory as the attributes of its two objects (PKCS#11 v3.1 §6.1.2, §6.1.3, §6.3.3, §6.3.4, §6.3.5). */
final class SoftwareKey {
    private SoftwareKey() {}

    /** The attributes that are secret; their values are the caller's to zero. */
    static List<Attribute> secret(PrivateKey key, PublicKeyInfo publicKey) throws TokenException {
        if (key instanceof RSAPrivateCrtKey rsa && publicKey.type() == KeyType.RSA) {
            return List.of(
                    number(CKA.MODULUS, rsa.getModulus()),
                    number(CKA.PUBLIC_EXPONENT, rsa.getPublicExponent()),
                    number(CKA.PRIVATE_EXPONENT, rsa.getPrivateExponent()),
                    number(CKA.PRIME_1, rsa.getPrimeP()),
                    number(CKA.PRIME_2, rsa.getPrimeQ()),
                    number(CKA.EXPONENT_1, rsa.getPrimeExponentP()),
                    number(CKA.EXPONENT_2, rsa.getPrimeExponentQ()),
                    number(CKA.COEFFICIENT, rsa.getCrtCoefficient()));
        } else if (key instanceof ECPrivateKey ec) {
            int length = Curve.of(publicKey.type()).orElseThrow().fieldLength();
            return List.of(
                    Attribute.of(CKA.EC_PARAMS, KeyTemplates.curve(publicKey.type())),
                    Attribute.of(CKA.VALUE, fixed(ec.getS(), length)));
        } else if (key instanceof EdECPrivateKey ed && publicKey.type() == KeyType.ED25519) {
            byte[] value = ed.getBytes()
                    .orElseThrow(() -> new IllegalArgumentException("a private key of software tells its value"));
            return List.of(
                    Attribute.of(CKA.EC_PARAMS, KeyTemplates.curve(publicKey.type())), Attribute.of(CKA.VALUE, value));
        }
        throw new TokenException.Unsupported("A private key of the kind " + key.getAlgorithm()
                + " cannot be put on a token by tokend; RSA, EC on P-256, P-384 and P-521, and Ed25519 can.");
    }

    /** The attributes of the public half. */
    static List<Attribute> open(PrivateKey key, PublicKeyInfo publicKey) {
        return key instanceof RSAPrivateCrtKey rsa
                ? List.of(number(CKA.MODULUS, rsa.getModulus()), number(CKA.PUBLIC_EXPONENT, rsa.getPublicExponent()))
                : List.of(
                        Attribute.of(CKA.EC_PARAMS, KeyTemplates.curve(publicKey.type())),
                        Attribute.of(CKA.EC_POINT, Der.octetString(publicKey.point())));
    }

    static void wipe(List<Attribute> attributes) {
        for (Attribute attribute : attributes) {
            byte[] value = attribute.value();
            if (value != null) {
                Arrays.fill(value, (byte) 0);
            }
        }
    }

    private static Attribute number(long type, BigInteger value) {
        return Attribute.of(type, fixed(value, (value.bitLength() + 7) / 8));
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] result = new byte[length];
        int count = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - count, result, length - count, count);
        Arrays.fill(bytes, (byte) 0);
        return result;
    }
}
