package org.tokend.daemon.rejection;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.encodings.OAEPEncoding;
import org.bouncycastle.crypto.encodings.PKCS1Encoding;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;

/** Encrypts a secret to a key, with the best padding that the key's token can take off again. */
final class SecretSeal {
    private SecretSeal() {}

    static KeyAlgorithm algorithm(KeyDescriptor key) {
        if (key.algorithms().contains(KeyAlgorithm.RSA_OAEP_SHA256)) {
            return KeyAlgorithm.RSA_OAEP_SHA256;
        }
        return key.algorithms().contains(KeyAlgorithm.RSA_OAEP_SHA1)
                ? KeyAlgorithm.RSA_OAEP_SHA1
                : KeyAlgorithm.RSA_PKCS1;
    }

    static String name(KeyAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_OAEP_SHA256 -> "oaep-sha256";
            case RSA_OAEP_SHA1 -> "oaep-sha1";
            default -> "pkcs1";
        };
    }

    /** @param secret zeroed here */
    static byte[] seal(KeyDescriptor key, KeyAlgorithm algorithm, byte[] secret, SecureRandom random)
            throws IOException {
        AsymmetricBlockCipher cipher = switch (algorithm) {
            case RSA_OAEP_SHA256 -> new OAEPEncoding(new RSAEngine(), new SHA256Digest());
            case RSA_OAEP_SHA1 -> new OAEPEncoding(new RSAEngine(), new SHA1Digest());
            default -> new PKCS1Encoding(new RSAEngine());
        };
        cipher.init(true, new ParametersWithRandom(PublicKeyFactory.createKey(key.publicKey()), random));
        try {
            return cipher.processBlock(secret, 0, secret.length);
        } catch (InvalidCipherTextException e) {
            throw new IOException("the key " + key.fingerprint() + " is too short to encrypt to", e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
