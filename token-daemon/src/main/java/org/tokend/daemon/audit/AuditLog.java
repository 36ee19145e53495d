package org.tokend.daemon.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;

/**
 * Appends entries to the file. Each line names the hash of the one before, so that a line that is changed, left out or moved
 * shows; what shows nothing is the loss of the newest lines, unless their last hash was kept elsewhere. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
    /** Longer than any line that we write. */
    private static final int TAIL = 64 * 1024;

    private final FileOutputStream file;
    private final Clock clock;
    private final MessageDigest sha256;
    private AuditLine.Link next;

    private AuditLog(FileOutputStream file, Clock clock, MessageDigest sha256, AuditLine.Link next) {
        this.file = file;
        this.clock = clock;
        this.sha256 = sha256;
        this.next = next;
    }

    /**
     * Makes the file with mode 0600, or goes on where it ends.
     *
     * @param sha256 used by nobody else
     */
    public static AuditLog open(Path path, Clock clock, MessageDigest sha256) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a file; remove it, or name another with audit-file");
        }
        Tail tail = Tail.of(path);
        FileOutputStream file = new FileOutputStream(path.toFile(), true);
        if (tail.torn()) {
            // A line that was cut off by a full disk or a power failure stays as it is, and verification names it.
            file.write('\n');
        }
        return new AuditLog(file, clock, sha256, tail.next());
    }

    /**
     * @param durable on the disk itself before this returns, not only with the kernel
     * @throws IOException when it cannot be written: then nothing may be answered either
     */
    public synchronized void record(AuditEntry entry, boolean durable) throws IOException {
        byte[] line = AuditLine.write(next, clock.instant(), entry);
        byte[] bytes = Arrays.copyOf(line, line.length + 1);
        bytes[line.length] = '\n';
        file.write(bytes);
        if (durable) {
            file.getFD().sync();
        }
        next = new AuditLine.Link(next.sequence() + 1, AuditLine.hash(line, sha256));
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    /** Where the file ends. */
    private record Tail(AuditLine.Link next, boolean torn) {
        static Tail of(Path path) throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
                long length = file.length();
                byte[] tail = new byte[(int) Math.min(TAIL, length)];
                file.seek(length - tail.length);
                file.readFully(tail);
                if (tail.length == 0) {
                    return new Tail(new AuditLine.Link(1, AuditLine.NOTHING_BEFORE), false);
                }
                boolean torn = tail[tail.length - 1] != '\n';
                byte[] last = lastLine(tail, torn ? tail.length : tail.length - 1);
                return new Tail(new AuditLine.Link(sequenceOf(last) + 1, AuditLine.hash(last)), torn);
            }
        }

        private static byte[] lastLine(byte[] tail, int end) {
            int start = end;
            while (start > 0 && tail[start - 1] != '\n') {
                start--;
            }
            return Arrays.copyOfRange(tail, start, end);
        }

        private static long sequenceOf(byte[] line) {
            try {
                return AuditLine.read(line).sequence();
            } catch (IOException e) {
                // Damaged; the numbers start again there, and verification says so.
                return 0;
            }
        }
    }
}
