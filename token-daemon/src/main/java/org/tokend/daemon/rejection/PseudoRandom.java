package org.tokend.daemon.rejection;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.tokend.pkcs11.linux.LockedPage;
import org.tokend.protocol.Algorithm;

/**
 * PRF(K, SPKI ‖ ciphertext ‖ algorithm): HMAC-SHA-256 (RFC 2104) in counter mode. Written out, because javax.crypto.Mac wants
 * the key as an array on the heap and keeps a copy of it.
 */
final class PseudoRandom implements AutoCloseable {
    static final int KEY_LENGTH = 32;

    private static final int BLOCK = 64;
    private static final int HASH_LENGTH = 32;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;
    private static final byte[] DOMAIN = "tokend/rejection/v1\0".getBytes(StandardCharsets.US_ASCII);

    private final LockedPage page = LockedPage.allocate(KEY_LENGTH);

    /** @param key zeroed here */
    PseudoRandom(byte[] key) {
        MemorySegment.copy(key, 0, page.segment(), ValueLayout.JAVA_BYTE, 0, KEY_LENGTH);
        Arrays.fill(key, (byte) 0);
    }

    /** @param length wanted; also an input, so that answers of two lengths have nothing in common */
    synchronized byte[] derive(byte[] publicKey, byte[] ciphertext, Algorithm algorithm, int length) {
        byte[] result = new byte[length];
        for (int counter = 0, at = 0; at < length; counter++) {
            MessageDigest hash = keyed(INNER);
            hash.update(DOMAIN);
            updateWithLength(hash, publicKey);
            updateWithLength(hash, ciphertext);
            updateWithLength(hash, algorithm.wireName().getBytes(StandardCharsets.US_ASCII));
            hash.update(bytes(length));
            hash.update(bytes(counter));
            byte[] inner = hash.digest();
            hash = keyed(OUTER);
            byte[] block = hash.digest(inner);
            int copied = Math.min(HASH_LENGTH, length - at);
            System.arraycopy(block, 0, result, at, copied);
            at += copied;
        }
        return result;
    }

    private MessageDigest keyed(byte pad) {
        byte[] block = new byte[BLOCK];
        try {
            MemorySegment.copy(page.segment(), ValueLayout.JAVA_BYTE, 0, block, 0, KEY_LENGTH);
            for (int i = 0; i < BLOCK; i++) {
                block[i] ^= pad;
            }
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(block);
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }

    private static void updateWithLength(MessageDigest hash, byte[] part) {
        hash.update(bytes(part.length));
        hash.update(part);
    }

    private static byte[] bytes(int number) {
        return new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
    }

    @Override
    public synchronized void close() {
        page.close();
    }
}
