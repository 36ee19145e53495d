package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.config.PinSource;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.CredentialPrompt;
import org.tokend.daemon.prompt.PinPrompt;
import org.tokend.daemon.prompt.PinentryPrompt;
import org.tokend.daemon.prompt.PromptEnvironment;
import org.tokend.pkcs11.TokenException;

/** The whole way of a PIN in the daemon, with a token that only notes whether the right bytes came. */
@Timeout(120)
class PinLeavesNoCopyTest {
    private static final byte MASK = (byte) 0xA5;
    private static final int LENGTH = 14;
    private static final UnlockReason SIGN = new UnlockReason(
            new Caller(0, 0, 0, "/usr/bin/mail", Caller.Sandbox.UNKNOWN, Front.VARLINK), null, "sign", "");

    @TempDir
    Path directory;

    private final byte[] masked = new byte[LENGTH];
    private Path pinFile;

    /** The PIN is made by another program, so that this one has seen it masked only. */
    @BeforeEach
    void makePin() throws Exception {
        Random random = new Random();
        StringBuilder codes = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            int digit = '0' + random.nextInt(10);
            masked[i] = (byte) (digit ^ MASK);
            codes.append(masked[i] & 0xFF).append(' ');
        }
        pinFile = directory.resolve("pin");
        Files.createFile(pinFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        int status = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "for c in " + codes + "; do printf \"\\\\$(printf %o $((c ^ 165)))\"; done > " + pinFile)
                .start()
                .waitFor();
        assertThat(status).isZero();
        assertThat(Files.size(pinFile)).isEqualTo(LENGTH);
    }

    private void unlockWith(PinPrompt prompt) throws Exception {
        UnlockSettings settings = new UnlockSettings(
                List.of(prompt),
                Duration.ofSeconds(20),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                OptionalInt.empty());
        ModelToken token = new ModelToken("1", "-", 3, ModelToken.Honesty.NO_FLAGS) {
            @Override
            public void login(@Nullable MemorySegment entered) throws TokenException {
                assertThat(matches(entered)).isTrue();
                noteLogin();
            }
        };
        new PromptedUnlock(
                        unused -> settings,
                        PinLedger.open(directory, directory),
                        new EventBus(),
                        LoginClock.SYSTEM,
                        LoginJournal.NONE)
                .ensureUnlocked(token, SIGN, EventSink.NONE);
    }

    private boolean matches(@Nullable MemorySegment entered) {
        if (entered == null || entered.byteSize() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            if ((entered.get(ValueLayout.JAVA_BYTE, i) ^ MASK) != masked[i]) {
                return false;
            }
        }
        return true;
    }

    @Test
    @DisplayName("A PIN that a pinentry gave is nowhere in memory after the login")
    void pinentry() throws Exception {
        Path program = directory.resolve("pinentry");
        Files.writeString(program, """
                #!/bin/sh
                echo OK
                while IFS= read -r line; do
                  case "$line" in
                    GETPIN) printf 'D '; cat %s; printf '\\nOK\\n' ;;
                    *) echo OK ;;
                  esac
                done
                """.formatted(pinFile));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        unlockWith(new PinentryPrompt(program, new PromptEnvironment(Map.of())));
        assertThat(MemoryScan.copies(masked, MASK)).isZero();
    }

    @Test
    @DisplayName("A PIN that a file gave is nowhere in memory after the login")
    void file() throws Exception {
        int uid = (Integer) Files.getAttribute(pinFile, "unix:uid");
        unlockWith(new CredentialPrompt(new PinSource.File(pinFile), Map.of(), uid));
        assertThat(MemoryScan.copies(masked, MASK)).isZero();
    }

    @Test
    @DisplayName("The scan does find copies, in each encoding")
    void scanFinds() throws Exception {
        String planted = Files.readString(pinFile);
        byte[] wide = planted.getBytes(java.nio.charset.StandardCharsets.UTF_16BE);
        char[] chars = planted.toCharArray();
        assertThat(MemoryScan.copies(masked, MASK)).isGreaterThanOrEqualTo(3);
        assertThat(wide.length + chars.length).isEqualTo(3 * LENGTH);
    }
}
