package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.pkcs11.TokenIdentity;

/** A daemon that is killed at any moment has counted every try that it had begun. */
@Timeout(180)
class LedgerOutlivesKillTest {
    private static final TokenIdentity CARD = new TokenIdentity("Card", "m", "x", "0815");

    @TempDir
    Path directory;

    /** The process that is killed: counts a try, says that it now sends the PIN, and so on. */
    static final class Victim {
        public static void main(String[] arguments) throws Exception {
            PinLedger ledger = PinLedger.open(Path.of(arguments[0]), Path.of(arguments[0]));
            while (true) {
                ledger.begin(CARD);
                System.out.println("sent");
                ledger.unclear(CARD);
            }
        }
    }

    @Test
    @DisplayName(
            "Killed by SIGKILL ten times, the ledger has counted no fewer tries than were made, and is never damaged")
    void killed() throws Exception {
        Random random = new Random(7);
        int sent = 0;
        for (int i = 0; i < 10; i++) {
            sent += runAndKill(random.nextInt(1, 60));
            LedgerEntry entry = PinLedger.open(directory, directory).entry(CARD);
            assertThat(entry.damaged()).isFalse();
            assertThat(entry.wrong()).isGreaterThanOrEqualTo(sent);
        }
        try (var files = Files.list(directory.resolve("pin-ledger"))) {
            assertThat(files.filter(file -> !file.toString().endsWith(".new"))).hasSize(1);
        }
    }

    private int runAndKill(int after) throws Exception {
        Process victim = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int sent = 0;
        try (BufferedReader lines = victim.inputReader()) {
            while (sent < after && lines.readLine() != null) {
                sent++;
            }
            victim.toHandle().destroyForcibly(); // Process.destroyForcibly would close the stream that is still read.
            while (lines.readLine() != null) {
                sent++;
            }
        }
        victim.waitFor();
        return sent;
    }
}
