package org.tokend.daemon.rejection;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;

/**
 * Decrypts without becoming an oracle. PKCS#1 v1.5: what does not decrypt to the wanted length is answered by a
 * pseudo-random plaintext, the same each time. OAEP and key wraps: whatever is wrong with the ciphertext, one and the same
 * error.
 */
public final class Decryptor {
    private final RejectionSecrets secrets;

    public Decryptor(RejectionSecrets secrets) {
        this.secrets = secrets;
    }

    /** A ciphertext that does not decrypt. Its message does not say why, and nobody may learn it elsewhere. */
    public static final class UndecryptableException extends Exception {
        private static final long serialVersionUID = 1L;

        UndecryptableException(KeyDescriptor key) {
            super("the ciphertext does not decrypt with the key " + key.fingerprint());
        }
    }

    /** @param length for RSA_PKCS1: of the plaintext, or 0 for one of {@link Decrypt#OPEN_LENGTHS} */
    public byte[] decrypt(
            Token token, KeyDescriptor key, EncryptedKey.Transported encrypted, int length, @Nullable MemorySegment pin)
            throws TokenException, UndecryptableException {
        if (encrypted.algorithm() != Algorithm.RSA_PKCS1) {
            return decryptOaep(token, key, encrypted, pin);
        }
        PseudoRandom random = secrets.of(token, key, pin);
        return length == 0
                ? decryptOpenLength(token, key, encrypted.ciphertext(), random, pin)
                : token.decryptPkcs1(
                        key, encrypted.ciphertext(), substitute(random, key, encrypted.ciphertext(), length), pin);
    }

    /** The content key of a RecipientInfo, of exactly the declared length. */
    public byte[] contentKey(
            Token token, KeyDescriptor key, EncryptedKey encrypted, int length, @Nullable MemorySegment pin)
            throws TokenException, UndecryptableException {
        byte[] contentKey = switch (encrypted) {
            case EncryptedKey.Transported transported -> decrypt(token, key, transported, length, pin);
            case EncryptedKey.Agreed agreed -> unwrap(token, key, agreed, pin);
        };
        if (contentKey.length != length) {
            Arrays.fill(contentKey, (byte) 0);
            throw new UndecryptableException(key);
        }
        return contentKey;
    }

    /** Asks for each length that may be, always for all of them, so that their number tells nothing. */
    private static byte[] decryptOpenLength(
            Token token, KeyDescriptor key, byte[] ciphertext, PseudoRandom random, @Nullable MemorySegment pin)
            throws TokenException {
        int choice = Byte.toUnsignedInt(random.derive(key.publicKey(), ciphertext, Algorithm.RSA_PKCS1, 1)[0]);
        byte[] answer = new byte[0];
        byte[] plaintext = null;
        for (int i = 0; i < Decrypt.OPEN_LENGTHS.size(); i++) {
            byte[] substitute = substitute(random, key, ciphertext, Decrypt.OPEN_LENGTHS.get(i));
            byte[] result = token.decryptPkcs1(key, ciphertext, substitute, pin);
            // 256 is 1 more than a multiple of 3: the bias of 1/256 is far below what a length can be told by.
            answer = choice % Decrypt.OPEN_LENGTHS.size() == i ? substitute : answer;
            plaintext = MessageDigest.isEqual(result, substitute) ? plaintext : result;
        }
        return plaintext == null ? answer : plaintext;
    }

    private static byte[] substitute(PseudoRandom random, KeyDescriptor key, byte[] ciphertext, int length) {
        return random.derive(key.publicKey(), ciphertext, Algorithm.RSA_PKCS1, length);
    }

    private static byte[] decryptOaep(
            Token token, KeyDescriptor key, EncryptedKey.Transported encrypted, @Nullable MemorySegment pin)
            throws TokenException, UndecryptableException {
        try {
            KeyAlgorithm algorithm = KeyAlgorithm.valueOf(encrypted.algorithm().name());
            return token.decrypt(key, algorithm, encrypted.ciphertext(), pin);
        } catch (TokenException.Failed e) {
            throw new UndecryptableException(key);
        }
    }

    private static byte[] unwrap(
            Token token, KeyDescriptor key, EncryptedKey.Agreed agreed, @Nullable MemorySegment pin)
            throws TokenException, UndecryptableException {
        byte[] secret = token.agree(key, agreed.publicKey(), pin);
        byte[] wrappingKey = AgreementAlgorithms.derive(
                agreed.kdfHash(), secret, agreed.sharedInfo(), agreed.wrap().keyLength());
        try {
            return agreed.wrap().unwrap(wrappingKey, agreed.wrappedKey());
        } catch (InvalidCipherTextException | RuntimeException e) {
            // Bouncy Castle answers impossible lengths with unchecked exceptions.
            throw new UndecryptableException(key);
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(wrappingKey, (byte) 0);
        }
    }
}
