package org.tokend.pkcs11.provision;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenObject;

/** Takes a copy of a private key off a token that lets it go: read where it is not sensitive, else wrapped under a fresh AES key. */
public final class KeyExtraction {
    private static final int AES_KEY = 32;
    private static final int AES_BLOCK = 16;
    private static final long[] RSA = {
        CKA.MODULUS,
        CKA.PUBLIC_EXPONENT,
        CKA.PRIVATE_EXPONENT,
        CKA.PRIME_1,
        CKA.PRIME_2,
        CKA.EXPONENT_1,
        CKA.EXPONENT_2,
        CKA.COEFFICIENT
    };

    private final Token token;
    private final KeyPairs pairs;

    public KeyExtraction(Token token) {
        this.token = token;
        this.pairs = new KeyPairs(token);
    }

    /** @throws TokenException.NotExtractable when the token keeps it */
    public PrivateKey extract(KeyDescriptor key) throws TokenException {
        KeyProtection protection = pairs.protection(key)
                .orElseThrow(() -> new TokenException.KeyNotFound(
                        "The token " + token.identity().uri() + " shows no private key " + key.uri() + "."));
        if (!protection.extractable()) {
            throw new TokenException.NotExtractable("The key " + key.uri()
                    + " was made or imported as one that never leaves its token, so there is no copy of it to be had.");
        }
        TokenObject object = pairs.objectsOf(key).stream()
                .filter(KeyPairs::isPrivateKey)
                .findFirst()
                .orElseThrow();
        try {
            return !protection.sensitive() && key.type() == KeyType.RSA ? read(object) : wrapped(key, object);
        } catch (GeneralSecurityException e) {
            throw new TokenException.WrongResult(
                    "The token " + token.identity().uri() + " gave a copy of " + key.uri() + " that is no key.");
        }
    }

    private static PrivateKey read(TokenObject object) throws TokenException, GeneralSecurityException {
        AttributeValues values = object.attributes(RSA);
        BigInteger[] numbers = new BigInteger[RSA.length];
        for (int i = 0; i < RSA.length; i++) {
            byte[] value = values.get(RSA[i]).value();
            if (value == null) {
                throw new GeneralSecurityException("a part of the key is missing");
            }
            numbers[i] = new BigInteger(1, value);
            Arrays.fill(value, (byte) 0);
        }
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        numbers[0],
                        numbers[1],
                        numbers[2],
                        numbers[3],
                        numbers[4],
                        numbers[5],
                        numbers[6],
                        numbers[7]));
    }

    private PrivateKey wrapped(KeyDescriptor key, TokenObject object) throws TokenException, GeneralSecurityException {
        byte[] wrappingKey = new byte[AES_KEY];
        byte[] iv = new byte[AES_BLOCK];
        SecureRandom random = new SecureRandom();
        random.nextBytes(wrappingKey);
        random.nextBytes(iv);
        byte[] privateKeyInfo = new byte[0];
        try {
            privateKeyInfo = withoutPadding(wrapped(object, wrappingKey, iv));
            return KeyFactory.getInstance(algorithm(key.type()))
                    .generatePrivate(new PKCS8EncodedKeySpec(privateKeyInfo));
        } finally {
            Arrays.fill(wrappingKey, (byte) 0);
            Arrays.fill(privateKeyInfo, (byte) 0);
        }
    }

    /** @return the PrivateKeyInfo of PKCS#8, which is what private keys are wrapped as (PKCS#11 v3.1 §6.7) */
    private byte[] wrapped(TokenObject object, byte[] wrappingKey, byte[] iv)
            throws TokenException, GeneralSecurityException {
        SecretKeySpec aes = new SecretKeySpec(wrappingKey, "AES");
        List<Long> offered = List.copyOf(token.mechanisms().keySet());
        if (offered.contains(CKM.AES_KEY_WRAP_PAD)) {
            byte[] bytes = KeyPairs.change(
                    token,
                    "take a copy of a key off",
                    () -> token.administration().wrapOut(Mechanism.of(CKM.AES_KEY_WRAP_PAD), wrappingKey, object));
            Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, aes);
            return cipher.doFinal(bytes);
        }
        byte[] bytes = KeyPairs.change(
                token,
                "take a copy of a key off",
                () -> token.administration()
                        .wrapOut(new Mechanism(CKM.AES_CBC_PAD, new Mechanism.Bytes(iv)), wrappingKey, object));
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, aes, new IvParameterSpec(iv));
        return cipher.doFinal(bytes);
    }

    /** SoftHSM fills up with zeros to eight bytes what it wraps; the outermost length (X.690 §8.1.3) tells where the key ends. */
    private static byte[] withoutPadding(byte[] der) throws GeneralSecurityException {
        int first = der.length < 2 ? -1 : der[1] & 0xff;
        int lengthBytes = first < 0x80 ? 0 : first & 0x7f;
        if (first < 0 || lengthBytes > 3 || der.length < 2 + lengthBytes) {
            throw new GeneralSecurityException("not DER");
        }
        int length = lengthBytes == 0 ? first : 0;
        for (int i = 0; i < lengthBytes; i++) {
            length = length << 8 | der[2 + i] & 0xff;
        }
        int end = 2 + lengthBytes + length;
        if (end > der.length) {
            throw new GeneralSecurityException("cut off");
        }
        byte[] key = Arrays.copyOf(der, end);
        Arrays.fill(der, (byte) 0);
        return key;
    }

    private static String algorithm(KeyType type) {
        return switch (type) {
            case RSA -> "RSA";
            case P256, P384, P521 -> "EC";
            case ED25519 -> "Ed25519";
        };
    }
}
