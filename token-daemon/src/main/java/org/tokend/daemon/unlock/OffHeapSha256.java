package org.tokend.daemon.unlock;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.tokend.pkcs11.linux.LockedPage;

/**
 * SHA-256 (FIPS 180-4) that works in locked memory alone. {@code MessageDigest} copies what it is fed into arrays on the
 * heap, also from direct buffers, and a PIN must never be there.
 */
final class OffHeapSha256 implements AutoCloseable {
    static final int DIGEST_BYTES = 32;
    static final int BLOCK_BYTES = 64;

    private static final ValueLayout.OfInt BIG_ENDIAN_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private static final int[] INITIAL = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };
    private static final int[] ROUND = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };

    private final LockedPage page = LockedPage.allocate(1024);
    private final MemorySegment schedule = page.segment().asSlice(0, 256);
    private final MemorySegment block = page.segment().asSlice(256, BLOCK_BYTES);
    private final MemorySegment hash = page.segment().asSlice(320, DIGEST_BYTES);
    private final MemorySegment work = page.segment().asSlice(352, DIGEST_BYTES);
    private long length;

    OffHeapSha256() {
        reset();
    }

    void reset() {
        page.zero();
        length = 0;
        for (int i = 0; i < INITIAL.length; i++) {
            hash.setAtIndex(INT, i, INITIAL[i]);
        }
    }

    void update(MemorySegment bytes) {
        for (long i = 0; i < bytes.byteSize(); i++) {
            update(bytes.get(BYTE, i));
        }
    }

    void update(byte value) {
        block.set(BYTE, length++ % BLOCK_BYTES, value);
        if (length % BLOCK_BYTES == 0) {
            compress();
        }
    }

    /** Writes the digest and starts anew. */
    void digest(MemorySegment into) {
        long bits = length * 8;
        update((byte) 0x80);
        while (length % BLOCK_BYTES != BLOCK_BYTES - 8) {
            update((byte) 0);
        }
        for (int shift = 56; shift >= 0; shift -= 8) {
            update((byte) (bits >>> shift));
        }
        for (int i = 0; i < INITIAL.length; i++) {
            into.set(BIG_ENDIAN_INT, 4L * i, hash.getAtIndex(INT, i));
        }
        reset();
    }

    private void compress() {
        for (int i = 0; i < 16; i++) {
            schedule.setAtIndex(INT, i, block.get(BIG_ENDIAN_INT, 4L * i));
        }
        for (int i = 16; i < 64; i++) {
            int w15 = schedule.getAtIndex(INT, i - 15);
            int w2 = schedule.getAtIndex(INT, i - 2);
            int s0 = Integer.rotateRight(w15, 7) ^ Integer.rotateRight(w15, 18) ^ w15 >>> 3;
            int s1 = Integer.rotateRight(w2, 17) ^ Integer.rotateRight(w2, 19) ^ w2 >>> 10;
            schedule.setAtIndex(INT, i, schedule.getAtIndex(INT, i - 16) + s0 + schedule.getAtIndex(INT, i - 7) + s1);
        }
        work.copyFrom(hash);
        for (int i = 0; i < 64; i++) {
            round(i);
        }
        for (int i = 0; i < INITIAL.length; i++) {
            hash.setAtIndex(INT, i, hash.getAtIndex(INT, i) + work.getAtIndex(INT, i));
        }
    }

    /** The eight working variables a to h stand in {@code work} in this order and move on by one place each round. */
    private void round(int i) {
        int a = work.getAtIndex(INT, 0);
        int b = work.getAtIndex(INT, 1);
        int c = work.getAtIndex(INT, 2);
        int e = work.getAtIndex(INT, 4);
        int choice = e & work.getAtIndex(INT, 5) ^ ~e & work.getAtIndex(INT, 6);
        int sum1 = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
        int temp1 = work.getAtIndex(INT, 7) + sum1 + choice + ROUND[i] + schedule.getAtIndex(INT, i);
        int sum0 = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
        int temp2 = sum0 + (a & b ^ a & c ^ b & c);
        for (int j = 7; j > 0; j--) {
            work.setAtIndex(INT, j, work.getAtIndex(INT, j - 1));
        }
        work.setAtIndex(INT, 4, work.getAtIndex(INT, 4) + temp1);
        work.setAtIndex(INT, 0, temp1 + temp2);
    }

    @Override
    public void close() {
        page.close();
    }
}
