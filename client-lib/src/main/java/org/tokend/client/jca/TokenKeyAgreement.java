package org.tokend.client.jca;

import java.nio.ByteBuffer;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECKey;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * ECDH on the token; the key derivation of ANSI X9.63 (SEC 1 §3.6.1), which CMS wants after it, here. With the curves of prime
 * order that tokens have, Diffie-Hellman with and without the cofactor are the same.
 */
final class TokenKeyAgreement extends KeyAgreementSpi {
    /** Null for the bare shared secret. */
    private final @Nullable MessageDigest derivation;

    private TokenPrivateKey.@Nullable Ec key;
    private byte[] sharedInfo = new byte[0];
    private byte @Nullable [] publicKey;

    TokenKeyAgreement(@Nullable String derivationHash) throws NoSuchAlgorithmException {
        this.derivation = derivationHash == null ? null : MessageDigest.getInstance(derivationHash);
    }

    @Override
    protected void engineInit(Key given, SecureRandom random) throws InvalidKeyException {
        if (!(given instanceof TokenPrivateKey.Ec ec)) {
            throw new InvalidKeyException("Needs an EC key from the KeyStore \"Tokend\"");
        }
        key = ec;
        publicKey = null;
        sharedInfo = new byte[0];
    }

    @Override
    protected void engineInit(Key given, @Nullable AlgorithmParameterSpec spec, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        engineInit(given, random);
        if (derivation != null) {
            sharedInfo = SharedInfo.of(spec);
        } else if (spec != null) {
            throw new InvalidAlgorithmParameterException("ECDH without a key derivation takes no parameter");
        }
    }

    @Override
    protected @Nullable Key engineDoPhase(Key other, boolean last) throws InvalidKeyException {
        if (key == null || publicKey != null || !last) {
            throw new IllegalStateException("ECDH has one phase, after init");
        }
        byte[] encoded = other.getEncoded();
        if (!(other instanceof PublicKey) || encoded == null || !"X.509".equals(other.getFormat())) {
            throw new InvalidKeyException("Needs the other side's EC public key");
        }
        if (other instanceof ECKey ec
                && !ec.getParams().getCurve().equals(key.getParams().getCurve())) {
            throw new InvalidKeyException("The other side's public key is on another curve than the key on the token");
        }
        publicKey = encoded;
        return null;
    }

    @Override
    protected byte[] engineGenerateSecret() {
        if (derivation != null) {
            throw new IllegalStateException("Say what key to derive: generateSecret(algorithm)");
        }
        return agree();
    }

    private byte[] agree() {
        if (key == null || publicKey == null) {
            throw new IllegalStateException("ECDH needs init and doPhase first");
        }
        byte[] peer = publicKey;
        publicKey = null;
        return key.use().agree(peer);
    }

    @Override
    protected int engineGenerateSecret(byte[] target, int offset) throws ShortBufferException {
        byte[] secret = engineGenerateSecret();
        if (target.length - offset < secret.length) {
            throw new ShortBufferException("The shared secret has " + secret.length + " bytes");
        }
        System.arraycopy(secret, 0, target, offset, secret.length);
        return secret.length;
    }

    @Override
    protected SecretKey engineGenerateSecret(String algorithm) throws NoSuchAlgorithmException, InvalidKeyException {
        if (derivation == null) {
            if (!algorithm.equals("TlsPremasterSecret") && !algorithm.equals("Generic")) {
                throw new NoSuchAlgorithmException("A shared secret is no " + algorithm
                        + " key before a key derivation; ask for Generic, or use ECDHwithSHA256KDF");
            }
            return secretKey(agree(), algorithm);
        }
        int length = KeyLengths.ofContent(algorithm);
        if (length == 0) {
            throw new NoSuchAlgorithmException("The length of a key for " + algorithm
                    + " is not known; name the key wrap by its OID, such as 2.16.840.1.101.3.4.1.45");
        }
        return secretKey(derive(derivation, agree(), length), algorithm);
    }

    private static SecretKey secretKey(byte[] bytes, String algorithm) {
        String name = algorithm.startsWith("2.16.840.1.101.3.4.1.") ? "AES" : algorithm;
        SecretKey key = new SecretKeySpec(bytes, name.startsWith("1.2.840.113549.") ? "DESede" : name);
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    private byte[] derive(MessageDigest hash, byte[] secret, int length) {
        byte[] derived = new byte[length];
        int counter = 1;
        for (int at = 0; at < length; at += hash.getDigestLength()) {
            hash.update(secret);
            hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(counter++).array());
            byte[] part = hash.digest(sharedInfo);
            System.arraycopy(part, 0, derived, at, Math.min(part.length, length - at));
            Arrays.fill(part, (byte) 0);
        }
        Arrays.fill(secret, (byte) 0);
        return derived;
    }
}
