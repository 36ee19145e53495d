package org.tokend.pkcs11.operation;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;

/** Decrypts one RSA block. */
public final class DecryptOperation {
    private DecryptOperation() {}

    /** Looks at what is public: only a ciphertext as long as the modulus and smaller than it goes on. */
    public static void check(KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext) throws TokenException {
        if (algorithm.use() != KeyAlgorithm.Use.DECRYPT || key.type() != KeyType.RSA) {
            throw new TokenException.Unsupported("The key " + key.uri() + " is of type " + key.type()
                    + " and cannot decrypt with " + algorithm + ".");
        }
        int length = (key.bits() + 7) / 8;
        if (ciphertext.length != length) {
            throw new TokenException.InvalidInput("A ciphertext for the key " + key.uri() + " is " + length
                    + " bytes long, not " + ciphertext.length + ".");
        }
        if (new BigInteger(1, ciphertext).compareTo(modulus(key)) >= 0) {
            throw new TokenException.InvalidInput("The ciphertext is not for the key " + key.uri()
                    + ": as a number it is not smaller than the key's modulus.");
        }
        if (algorithm != KeyAlgorithm.RSA_PKCS1 && length < 2 * algorithm.digestLength() + 2) {
            throw new TokenException.Unsupported(
                    "The key " + key.uri() + " of " + key.bits() + " bits is too short for " + algorithm + ".");
        }
    }

    private static BigInteger modulus(KeyDescriptor key) throws TokenException.Unsupported {
        try {
            BigInteger modulus = PublicKeyInfo.parse(key.publicKey()).modulus();
            if (modulus != null) {
                return modulus;
            }
        } catch (MalformedDerException e) {
            // Falls through: the descriptor of a key whose public half is not known.
        }
        throw new TokenException.Unsupported("The public key of " + key.uri() + " is not known.");
    }

    /** @return the plaintext, or null for a bad padding that was seen here and not by the token */
    public static byte @Nullable [] run(KeyUse use, DecryptPlan plan, KeyAlgorithm algorithm, byte[] ciphertext)
            throws CryptokiException, TokenException {
        byte[] output = decrypt(use, plan, ciphertext);
        if (!plan.raw()) {
            return output;
        }
        byte[] block = block(use.key(), output);
        byte[] plaintext = algorithm == KeyAlgorithm.RSA_PKCS1
                ? RsaUnpadding.pkcs1(block)
                : RsaUnpadding.oaep(block, algorithm.digest());
        Arrays.fill(block, (byte) 0);
        return plaintext;
    }

    /** PKCS#1 v1.5 with implicit rejection. */
    public static byte[] runOrSubstitute(KeyUse use, DecryptPlan plan, byte[] ciphertext, Pkcs1Rejection rejection)
            throws CryptokiException, TokenException {
        byte[] output = decrypt(use, plan, ciphertext);
        if (!plan.raw()) {
            return rejection.lengths().test(output.length)
                    ? output
                    : rejection.substitute().clone();
        }
        byte[] block = block(use.key(), output);
        byte[] plaintext = RsaUnpadding.pkcs1OrSubstitute(block, rejection);
        Arrays.fill(block, (byte) 0);
        return plaintext;
    }

    private static byte[] decrypt(KeyUse use, DecryptPlan plan, byte[] ciphertext) throws CryptokiException {
        if (!use.always()) {
            return use.cryptoki().decryptOnce(use.session(), plan.mechanism(), use.handle(), ciphertext);
        }
        use.cryptoki().decryptInit(use.session(), plan.mechanism(), use.handle());
        use.authenticate();
        return use.cryptoki().decrypt(use.session(), ciphertext);
    }

    private static byte[] block(KeyDescriptor key, byte[] output) throws TokenException.WrongResult {
        int length = (key.bits() + 7) / 8;
        if (output.length > length) {
            throw new TokenException.WrongResult("The token's answer for the key " + key.uri() + " is " + output.length
                    + " bytes long; raw RSA gives " + length + ".");
        }
        byte[] block = RsaPadding.leftPad(output, length);
        if (block != output) {
            Arrays.fill(output, (byte) 0);
        }
        return block;
    }
}
