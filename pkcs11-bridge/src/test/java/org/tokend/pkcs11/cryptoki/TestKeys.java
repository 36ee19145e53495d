package org.tokend.pkcs11.cryptoki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Keys made by the JDK, and the templates that put them on a token. */
final class TestKeys {
    static final KeyPair RSA = generate("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
    static final KeyPair EC = generate("EC", new ECGenParameterSpec("secp256r1"));

    static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");

    /** PrintableString "edwards25519": SoftHSM 2.6 knows no other name of the curve. */
    static final byte[] ED25519 = HexFormat.of().parseHex("130c656477617264733235353139");

    private TestKeys() {}

    static KeyPair generate(String algorithm, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A session object that may do what the usages (CKA_SIGN, ...) say. */
    static List<Attribute> rsaPrivate(long... usages) {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) RSA.getPrivate();
        List<Attribute> template = privateKey(CKK.RSA, usages);
        template.add(Attribute.of(CKA.MODULUS, unsigned(key.getModulus())));
        template.add(Attribute.of(CKA.PUBLIC_EXPONENT, unsigned(key.getPublicExponent())));
        template.add(Attribute.of(CKA.PRIVATE_EXPONENT, unsigned(key.getPrivateExponent())));
        template.add(Attribute.of(CKA.PRIME_1, unsigned(key.getPrimeP())));
        template.add(Attribute.of(CKA.PRIME_2, unsigned(key.getPrimeQ())));
        template.add(Attribute.of(CKA.EXPONENT_1, unsigned(key.getPrimeExponentP())));
        template.add(Attribute.of(CKA.EXPONENT_2, unsigned(key.getPrimeExponentQ())));
        template.add(Attribute.of(CKA.COEFFICIENT, unsigned(key.getCrtCoefficient())));
        return template;
    }

    static List<Attribute> ecPrivate(long... usages) {
        List<Attribute> template = privateKey(CKK.EC, usages);
        template.add(Attribute.of(CKA.EC_PARAMS, P256));
        template.add(Attribute.of(CKA.VALUE, fixed(((ECPrivateKey) EC.getPrivate()).getS(), 32)));
        return template;
    }

    private static List<Attribute> privateKey(long type, long... usages) {
        List<Attribute> template = new ArrayList<>(List.of(
                Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY),
                Attribute.of(CKA.KEY_TYPE, type),
                Attribute.of(CKA.TOKEN, false),
                Attribute.of(CKA.PRIVATE, true),
                Attribute.of(CKA.SENSITIVE, true),
                Attribute.of(CKA.EXTRACTABLE, false)));
        // SoftHSM allows what the template leaves out.
        for (long usage : List.of(CKA.SIGN, CKA.DECRYPT, CKA.DERIVE, CKA.UNWRAP, CKA.ALWAYS_AUTHENTICATE)) {
            template.add(Attribute.of(usage, Arrays.stream(usages).anyMatch(wanted -> wanted == usage)));
        }
        return template;
    }

    static List<Attribute> secret(long keyType, byte[] value, long... usages) {
        List<Attribute> template = new ArrayList<>(List.of(
                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                Attribute.of(CKA.KEY_TYPE, keyType),
                Attribute.of(CKA.TOKEN, false),
                Attribute.of(CKA.SENSITIVE, false),
                Attribute.of(CKA.EXTRACTABLE, true),
                Attribute.of(CKA.VALUE, value)));
        for (long usage : usages) {
            template.add(Attribute.of(usage, true));
        }
        return template;
    }

    static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    static byte[] fixed(BigInteger value, int length) {
        byte[] bytes = unsigned(value);
        byte[] padded = new byte[length];
        System.arraycopy(bytes, 0, padded, length - bytes.length, bytes.length);
        return padded;
    }

    /** The uncompressed point, raw. */
    static byte[] point(ECPublicKey key) {
        byte[] point = new byte[65];
        point[0] = 4;
        System.arraycopy(fixed(key.getW().getAffineX(), 32), 0, point, 1, 32);
        System.arraycopy(fixed(key.getW().getAffineY(), 32), 0, point, 33, 32);
        return point;
    }
}
