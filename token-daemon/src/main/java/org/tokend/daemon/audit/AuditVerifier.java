package org.tokend.daemon.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an audit file and names every line that is not as it was written, or not where it was written. */
public final class AuditVerifier {
    private final List<String> problems = new ArrayList<>();
    private long lines;
    private long sequence;
    private String previous = AuditLine.NOTHING_BEFORE;

    /**
     * @param lines read
     * @param lastHash of the last line; kept elsewhere, it also shows the loss of the newest lines
     */
    public record Report(long lines, String lastHash, List<String> problems) {}

    public static Report verify(Path file) throws IOException {
        AuditVerifier verifier = new AuditVerifier();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] line;
            while ((line = nextLine(in)) != null) {
                verifier.check(line);
            }
        }
        return new Report(verifier.lines, verifier.previous, List.copyOf(verifier.problems));
    }

    private void check(byte[] line) {
        lines++;
        try {
            AuditLine.Link link = AuditLine.read(line);
            if (link.sequence() != sequence + 1) {
                problems.add("line " + lines + " has number " + link.sequence() + " and not " + (sequence + 1)
                        + ": lines were removed, added or moved before it");
            }
            if (!link.previous().equals(previous)) {
                problems.add(
                        "line " + lines + " does not follow the line before it: that one was changed, or one between "
                                + "them removed");
            }
            sequence = link.sequence();
        } catch (IOException e) {
            problems.add("line " + lines + " is damaged: " + summary(e));
            sequence++;
        }
        previous = AuditLine.hash(line);
    }

    private static String summary(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("it cannot be read");
    }

    private static byte @Nullable [] nextLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            line.write(c);
            c = in.read();
        }
        return line.toByteArray();
    }
}
