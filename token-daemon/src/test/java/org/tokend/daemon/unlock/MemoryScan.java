package org.tokend.daemon.unlock;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks for a secret in this process's memory as the kernel shows it, in the encodings that a program might keep it in. */
final class MemoryScan {
    private static final List<Charset> ENCODINGS =
            List.of(StandardCharsets.US_ASCII, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);
    private static final int CHUNK = 1 << 20;

    private MemoryScan() {}

    /** How many copies there are; the pattern is masked, so that the scan does not find itself. */
    static int copies(byte[] maskedSecret, byte mask) throws IOException {
        int found = 0;
        byte[] chunk = new byte[CHUNK];
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] words = line.split("\\s+", 6);
                if (!words[1].startsWith("rw") || line.endsWith("[vvar]")) {
                    continue;
                }
                String[] range = words[0].split("-", 2);
                long start = Long.parseUnsignedLong(range[0], 16);
                long end = Long.parseUnsignedLong(range[1], 16);
                found += copiesIn(memory, chunk, start, end, maskedSecret, mask);
            }
        }
        return found;
    }

    private static int copiesIn(
            RandomAccessFile memory, byte[] chunk, long start, long end, byte[] maskedSecret, byte mask) {
        int found = 0;
        int overlap = maskedSecret.length * 2;
        for (long at = start; at < end; at += CHUNK - overlap) {
            int length = (int) Math.min(CHUNK, end - at);
            try {
                memory.seek(at);
                memory.readFully(chunk, 0, length);
            } catch (IOException e) {
                continue; // A guard page, or one that was given back meanwhile.
            }
            // What was read is masked too: this buffer is memory that will be scanned.
            for (int i = 0; i < length; i++) {
                chunk[i] ^= mask;
            }
            for (Charset encoding : ENCODINGS) {
                found += count(chunk, length, encoded(maskedSecret, mask, encoding));
            }
        }
        return found;
    }

    private static byte[] encoded(byte[] maskedSecret, byte mask, Charset encoding) {
        if (encoding.equals(StandardCharsets.US_ASCII)) {
            return maskedSecret;
        }
        byte[] wide = new byte[maskedSecret.length * 2];
        int offset = encoding.equals(StandardCharsets.UTF_16LE) ? 0 : 1;
        for (int i = 0; i < maskedSecret.length; i++) {
            wide[2 * i + offset] = maskedSecret[i];
            wide[2 * i + 1 - offset] = mask;
        }
        return wide;
    }

    private static int count(byte[] text, int length, byte[] pattern) {
        int found = 0;
        for (int i = 0; i + pattern.length <= length; i++) {
            int j = 0;
            while (j < pattern.length && text[i + j] == pattern[j]) {
                j++;
            }
            if (j == pattern.length) {
                found++;
            }
        }
        return found;
    }
}
