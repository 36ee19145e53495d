package org.tokend.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that another process has in memory, as root sees it through /proc/PID/mem. */
final class ProcessMemory {
    private static final int CHUNK = 1 << 20;
    private static final int PAGE = 4096;

    private final long pid;

    ProcessMemory(long pid) {
        this.pid = pid;
    }

    /** Where the text stands: in ASCII, UTF-16 little-endian or big-endian. */
    List<String> copiesOf(String text) throws IOException {
        List<byte[]> patterns = List.of(
                text.getBytes(StandardCharsets.US_ASCII),
                text.getBytes(StandardCharsets.UTF_16LE),
                text.getBytes(StandardCharsets.UTF_16BE));
        List<String> found = new ArrayList<>();
        byte[] chunk = new byte[CHUNK];
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
                String[] words = line.split("\\s+", 6);
                if (!words[1].startsWith("r") || line.contains("[v")) {
                    continue;
                }
                String[] range = words[0].split("-", 2);
                long start = Long.parseUnsignedLong(range[0], 16);
                long end = Long.parseUnsignedLong(range[1], 16);
                int overlap = text.length() * 2;
                for (long at = start; at < end; at += CHUNK - overlap) {
                    int length = read(memory, chunk, at, (int) Math.min(CHUNK, end - at));
                    for (byte[] pattern : patterns) {
                        search(chunk, length, pattern, line, found);
                    }
                }
            }
        }
        return found;
    }

    /** Pages that the kernel will not give, such as those of devices, read as zeroes. */
    private static int read(RandomAccessFile memory, byte[] chunk, long at, int length) throws IOException {
        try {
            memory.seek(at);
            memory.readFully(chunk, 0, length);
        } catch (IOException e) {
            for (int page = 0; page < length; page += PAGE) {
                try {
                    memory.seek(at + page);
                    memory.readFully(chunk, page, Math.min(PAGE, length - page));
                } catch (IOException unreadable) {
                    java.util.Arrays.fill(chunk, page, Math.min(page + PAGE, length), (byte) 0);
                }
            }
        }
        return length;
    }

    private static void search(byte[] chunk, int length, byte[] pattern, String mapping, List<String> found) {
        for (int i = 0; i + pattern.length <= length; i++) {
            int j = 0;
            while (j < pattern.length && chunk[i + j] == pattern[j]) {
                j++;
            }
            if (j == pattern.length) {
                found.add(mapping);
            }
        }
    }
}
