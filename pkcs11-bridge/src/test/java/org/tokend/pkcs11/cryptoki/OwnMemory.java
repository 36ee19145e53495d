package org.tokend.pkcs11.cryptoki;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts copies of a secret in the memory of this very process: ASCII, and UTF-16 in both byte orders. Nothing in here holds
 * the secret in clear but the buffer that memory is read into, which is left out.
 */
final class OwnMemory {
    private static final int CHUNK = 1 << 20;
    private static final int OVERLAP = 256;
    private static final byte MASK = 0x5a;

    private OwnMemory() {}

    /** The secret as something that may lie on the heap. */
    static byte[] masked(MemorySegment secret) {
        byte[] masked = new byte[Math.toIntExact(secret.byteSize())];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = (byte) (secret.get(ValueLayout.JAVA_BYTE, i) ^ MASK);
        }
        return masked;
    }

    static int copies(byte[] masked) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        long own = MemorySegment.ofBuffer(buffer).address();
        int found = 0;
        try (FileChannel memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
            for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] fields = mapping.split("[- ]", 4);
                if (fields[2].startsWith("rw") && !mapping.endsWith("[vvar]")) {
                    long start = Long.parseUnsignedLong(fields[0], 16);
                    long end = Long.parseUnsignedLong(fields[1], 16);
                    found += scan(memory, buffer, start, Math.min(end, Math.max(start, own)), masked);
                    found += scan(memory, buffer, Math.max(start, Math.min(end, own + CHUNK)), end, masked);
                }
            }
        }
        return found;
    }

    private static int scan(FileChannel memory, ByteBuffer buffer, long start, long end, byte[] masked) {
        int found = 0;
        for (long position = start; position < end; position += CHUNK - OVERLAP) {
            buffer.clear().limit((int) Math.min(CHUNK, end - position));
            try {
                int read = memory.read(buffer, position);
                // A match in the overlap belongs to the next chunk.
                int starts = position + read < end ? CHUNK - OVERLAP : read;
                for (int i = 0; i < starts; i++) {
                    found += matches(buffer, read, i, 1, masked) || matches(buffer, read, i, 2, masked) ? 1 : 0;
                }
            } catch (IOException gone) {
                // Guard pages and mappings that went away hold no secret.
                continue;
            }
        }
        return found;
    }

    /** A stride of two, with zeros between, finds both byte orders of UTF-16. */
    private static boolean matches(ByteBuffer buffer, int length, int at, int stride, byte[] masked) {
        if ((byte) (buffer.get(at) ^ MASK) != masked[0] || at + (masked.length - 1) * stride >= length) {
            return false;
        }
        for (int i = 1; i < masked.length; i++) {
            if ((byte) (buffer.get(at + i * stride) ^ MASK) != masked[i]
                    || stride == 2 && buffer.get(at + i * stride - 1) != 0) {
                return false;
            }
        }
        return true;
    }
}
