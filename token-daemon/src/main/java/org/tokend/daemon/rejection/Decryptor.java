package org.tokend.daemon.rejection;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.Pkcs1Rejection;
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

    /** @param length for RSA_PKCS1: as {@link Decrypt#length} */
    public byte[] decrypt(
            Token token, KeyDescriptor key, EncryptedKey.Transported encrypted, int length, @Nullable MemorySegment pin)
            throws TokenException, UndecryptableException {
        if (encrypted.algorithm() != Algorithm.RSA_PKCS1) {
            return decryptOaep(token, key, encrypted, pin);
        }
        byte[] ciphertext = encrypted.ciphertext();
        return token.decryptPkcs1(
                key, ciphertext, rejection(secrets.of(token, key, pin), key, ciphertext, length), pin);
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

    private static Pkcs1Rejection rejection(PseudoRandom random, KeyDescriptor key, byte[] ciphertext, int length) {
        return switch (length) {
            case Decrypt.CONTENT_KEY -> {
                int drawn = Decrypt.OPEN_LENGTHS.get(draw(random, key, ciphertext, Decrypt.OPEN_LENGTHS.size()));
                yield Pkcs1Rejection.ofLengths(
                        Set.copyOf(Decrypt.OPEN_LENGTHS), substitute(random, key, ciphertext, drawn));
            }
            case Decrypt.ANY_LENGTH -> {
                int drawn = draw(random, key, ciphertext, longestPlaintext(key) + 1);
                yield Pkcs1Rejection.ofAnyLength(substitute(random, key, ciphertext, drawn));
            }
            default -> Pkcs1Rejection.ofItsLength(substitute(random, key, ciphertext, length));
        };
    }

    /**
     * From 0 to below {@code choices}; 32 bits against at most some thousand choices leave no bias that can be seen. Drawn from an output
     * that is longer than any answer, so that no answer shows it.
     */
    private static int draw(PseudoRandom random, KeyDescriptor key, byte[] ciphertext, int choices) {
        byte[] drawn = random.derive(key.publicKey(), ciphertext, Algorithm.RSA_PKCS1, ciphertext.length);
        return Integer.remainderUnsigned(ByteBuffer.wrap(drawn).getInt(), choices);
    }

    private static byte[] substitute(PseudoRandom random, KeyDescriptor key, byte[] ciphertext, int length) {
        return random.derive(key.publicKey(), ciphertext, Algorithm.RSA_PKCS1, length);
    }

    /** 11 bytes of every PKCS#1 v1.5 block are padding (RFC 8017 §7.2.1). */
    public static int longestPlaintext(KeyDescriptor key) {
        return (key.bits() + 7) / 8 - 11;
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
