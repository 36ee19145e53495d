package org.tokend.pkcs11.application;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.key.Der;

/** Private keys in software, used as a token would use them. */
final class SoftwareKeys {
    static final KeyPair RSA = generate("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
    static final KeyPair P256 = generate("EC", new ECGenParameterSpec("secp256r1"));
    static final KeyPair P384 = generate("EC", new ECGenParameterSpec("secp384r1"));
    static final KeyPair P521 = generate("EC", new ECGenParameterSpec("secp521r1"));

    private final Map<KeyDescriptor, KeyPair> keys = new HashMap<>();

    static KeyPair generate(String algorithm, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    void add(KeyDescriptor key, KeyPair pair) {
        keys.put(key, pair);
    }

    private KeyPair pair(KeyDescriptor key) {
        return Optional.ofNullable(keys.get(key)).orElseThrow();
    }

    /** As they stand on a token. */
    static List<Attribute> publicAttributes(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return List.of(
                    Attribute.of(CKA.MODULUS, unsigned(rsa.getModulus())),
                    Attribute.of(CKA.PUBLIC_EXPONENT, unsigned(rsa.getPublicExponent())));
        }
        byte[] info = key.getEncoded();
        // SEQUENCE { SEQUENCE { OID ecPublicKey, OID curve }, BIT STRING point }
        int algorithm = info[1] < 0 ? 3 : 2;
        int curve = algorithm + 2 + 9;
        int curveEnd = algorithm + 2 + info[algorithm + 1];
        int length = 2 * ((info.length - curveEnd - 4) / 2) + 1;
        return List.of(
                Attribute.of(CKA.EC_PARAMS, Arrays.copyOfRange(info, curve, curveEnd)),
                Attribute.of(
                        CKA.EC_POINT, Der.octetString(Arrays.copyOfRange(info, info.length - length, info.length))));
    }

    static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    byte[] sign(KeyDescriptor key, KeyAlgorithm algorithm, byte[] input) {
        try {
            KeyPair pair = pair(key);
            if (algorithm.name().startsWith("RSA_PKCS1_")) {
                byte[] data = algorithm.digestLength() == 0 ? input : Hashes.digestInfo(algorithm.digest(), input);
                Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
                cipher.init(Cipher.ENCRYPT_MODE, pair.getPrivate());
                return cipher.doFinal(data);
            }
            if (algorithm.name().startsWith("RSA_PSS_")) {
                return pss((RSAPrivateKey) pair.getPrivate(), algorithm, input);
            }
            Signature signature = Signature.getInstance("NONEwithECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] pss(RSAPrivateKey key, KeyAlgorithm algorithm, byte[] digest) {
        byte[] block = org.tokend.pkcs11.operation.RsaPadding.emsaPss(
                algorithm.digest(), digest, key.getModulus().bitLength(), new java.security.SecureRandom());
        byte[] raw = unsigned(new BigInteger(1, block).modPow(key.getPrivateExponent(), key.getModulus()));
        byte[] signature = new byte[block.length];
        System.arraycopy(raw, 0, signature, signature.length - raw.length, raw.length);
        return signature;
    }

    byte[] decrypt(KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext) throws TokenException {
        try {
            Cipher cipher = Cipher.getInstance(
                    algorithm == KeyAlgorithm.RSA_PKCS1 ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding");
            if (algorithm == KeyAlgorithm.RSA_PKCS1) {
                cipher.init(Cipher.DECRYPT_MODE, pair(key).getPrivate());
            } else {
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        pair(key).getPrivate(),
                        new OAEPParameterSpec(
                                algorithm.digest(),
                                "MGF1",
                                new MGF1ParameterSpec(algorithm.digest()),
                                PSource.PSpecified.DEFAULT));
            }
            return cipher.doFinal(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new TokenException.Failed("bad padding", CKR.ENCRYPTED_DATA_INVALID);
        }
    }

    byte[] agree(KeyDescriptor key, byte[] publicKey) {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(pair(key).getPrivate());
            agreement.doPhase(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey)), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
