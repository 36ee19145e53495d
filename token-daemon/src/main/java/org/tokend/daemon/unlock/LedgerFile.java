package org.tokend.daemon.unlock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A ledger entry on disk: lines of words, replaced as a whole and forced to the disk before a write returns. */
final class LedgerFile {
    private static final String HEADER = "tokend-pin-ledger 1";

    private final Path file;

    LedgerFile(Path file) {
        this.file = file;
    }

    LedgerEntry read(String bootId) {
        try {
            return parse(Files.readAllLines(file), bootId);
        } catch (NoSuchFileException e) {
            return LedgerEntry.clean(bootId);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return LedgerEntry.unreadable(bootId);
        }
    }

    private static LedgerEntry parse(List<String> lines, String bootId) {
        if (lines.isEmpty()
                || !lines.getFirst().equals(HEADER)
                || !lines.getLast().equals("end")) {
            throw new IllegalArgumentException("not a whole ledger file");
        }
        LedgerEntry entry = LedgerEntry.clean(bootId);
        String writtenIn = "";
        List<PinFingerprint> refused = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "wrong" -> entry = new LedgerEntry(count(words[1]), entry.pending(), bootId, List.of(), false);
                case "pending" -> entry = new LedgerEntry(entry.wrong(), true, bootId, List.of(), false);
                case "boot" -> writtenIn = words[1];
                case "refused" -> refused.add(new PinFingerprint(words[1], words[2]));
                default -> throw new IllegalArgumentException("unknown line in a ledger file");
            }
        }
        List<PinFingerprint> known = writtenIn.equals(bootId) ? refused : List.of();
        return new LedgerEntry(entry.wrong(), entry.pending(), bootId, known, false);
    }

    private static int count(String digits) {
        int count = Integer.parseInt(digits);
        if (count < 0) {
            throw new IllegalArgumentException("a count below zero");
        }
        return count;
    }

    void write(LedgerEntry entry) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER, "wrong " + entry.wrong(), "boot " + entry.bootId()));
        if (entry.pending()) {
            lines.add("pending");
        }
        for (PinFingerprint fingerprint : entry.refused()) {
            lines.add("refused " + fingerprint.keyId() + " " + fingerprint.hex());
        }
        lines.add("end");
        replace(String.join("\n", lines) + "\n");
    }

    private void replace(String text) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " has no directory");
        }
        Path written = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(written);
        Files.createFile(written, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
