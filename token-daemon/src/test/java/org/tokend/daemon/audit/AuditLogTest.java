package org.tokend.daemon.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.verification.FastProvider;

class AuditLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T03:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("audit.jsonl");
    }

    private void write(int entries) throws IOException {
        try (AuditLog log = AuditLog.open(file, CLOCK, FastProvider.sha256())) {
            for (int i = 0; i < entries; i++) {
                log.record(entry("purpose " + i), i % 2 == 0);
            }
        }
    }

    private static AuditEntry entry(String purpose) {
        Caller caller = new Caller(1000, 1000, 42, "/usr/bin/mail", Caller.Sandbox.NONE, Front.VARLINK);
        return new AuditEntry(
                AuditEntry.Event.SIGN, caller, "pkcs11:token=t", "sha256:ab", "ecdsa-sha256", purpose, "ok", true);
    }

    private List<String> problems() throws IOException {
        return AuditVerifier.verify(file).problems();
    }

    @Test
    @DisplayName("A line says who did what with which key, and only that")
    void line() throws IOException {
        write(1);
        assertThat(Files.readString(file))
                .isEqualTo("{\"seq\":1,\"time\":\"2026-11-21T03:00:00Z\",\"event\":\"sign\",\"uid\":1000,\"pid\":42,"
                        + "\"program\":\"/usr/bin/mail\",\"front\":\"varlink\",\"token\":\"pkcs11:token=t\",\"key\":\"sha256:ab\","
                        + "\"algorithm\":\"ecdsa-sha256\",\"purpose\":\"purpose 0\",\"outcome\":\"ok\",\"verified\":true,"
                        + "\"previous\":\"" + "0".repeat(64) + "\"}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    @DisplayName("A purpose can neither end the line nor pretend to be another")
    void purposeIsTamed() throws IOException {
        try (AuditLog log = AuditLog.open(file, CLOCK, FastProvider.sha256())) {
            log.record(entry("a\n{\"seq\":2}\u0007\"" + "x".repeat(500)), false);
        }
        assertThat(Files.readAllLines(file)).hasSize(1).first().asString().hasSizeLessThan(700);
        assertThat(problems()).isEmpty();
    }

    @Test
    @DisplayName("The chain holds over restarts of the daemon")
    void chain() throws IOException {
        write(5);
        write(5);
        AuditVerifier.Report report = AuditVerifier.verify(file);
        assertThat(report.problems()).isEmpty();
        assertThat(report.lines()).isEqualTo(10);
        assertThat(Files.readAllLines(file).getLast()).contains("\"seq\":10,");
    }

    @Test
    @DisplayName("A changed, removed, added or moved line is found, whichever it is")
    void tampering() throws IOException {
        write(8);
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size() - 1; i++) {
            List<String> changed = new ArrayList<>(lines);
            changed.set(i, lines.get(i).replace("purpose", "Purpose"));
            assertFound(changed);
            List<String> removed = new ArrayList<>(lines);
            removed.remove(i);
            assertFound(removed);
            List<String> doubled = new ArrayList<>(lines);
            doubled.add(i, lines.get(i));
            assertFound(doubled);
            List<String> swapped = new ArrayList<>(lines);
            Collections.swap(swapped, i, i + 1);
            assertFound(swapped);
        }
    }

    private void assertFound(List<String> lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertThat(problems()).isNotEmpty();
    }

    @Test
    @DisplayName("A line that was cut off stays, is named, and the next one follows it")
    void torn() throws IOException {
        write(2);
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() - 20));
        write(1);
        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThat(problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).containsAnyOf("line 2", "line 3"));
    }

    @Test
    @DisplayName("A file of garbage is named line by line and harms nothing")
    void garbage() throws IOException {
        Files.write(file, "\u0000\u0001\n[]\n{}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(problems()).hasSizeGreaterThanOrEqualTo(3);
    }
}
