package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.pkcs11.TokenIdentity;

class PinLedgerTest {
    private static final TokenIdentity CARD = new TokenIdentity("Card", "m", "x", "0815");
    private static final TokenIdentity OTHER = new TokenIdentity("Card", "m", "x", "0816");

    @TempDir
    Path state;

    @TempDir
    Path runtime;

    private PinLedger ledger;

    @BeforeEach
    void open() throws IOException {
        ledger = PinLedger.open(state, runtime);
    }

    private PinLedger openedAgain() throws IOException {
        return PinLedger.open(state, runtime);
    }

    private PinFingerprint fingerprint(String pin) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(pin).asSlice(0, pin.length());
            return ledger.fingerprint(CARD, bytes);
        }
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(state.resolve("pin-ledger"))) {
            return files.findAny().orElseThrow();
        }
    }

    @Test
    @DisplayName("A try counts before it is made, and is still counted by the next process when this one dies")
    void countsBefore() throws IOException {
        ledger.begin(CARD);
        LedgerEntry entry = openedAgain().entry(CARD);
        assertThat(entry.wrong()).isEqualTo(1);
        assertThat(entry.pending()).isTrue();
        assertThat(openedAgain().entry(OTHER).wrong()).isZero();
    }

    @Test
    @DisplayName("A refused PIN is known again by the next process, another PIN is not taken for it")
    void remembersRefused() throws IOException {
        ledger.begin(CARD);
        ledger.refused(CARD, Optional.of(fingerprint("1234")));
        LedgerEntry entry = openedAgain().entry(CARD);
        assertThat(entry.refusedBefore(fingerprint("1234"))).isTrue();
        assertThat(entry.refusedBefore(fingerprint("12345"))).isFalse();
        assertThat(entry.pending()).isFalse();
        assertThat(openedAgain().cannotTell(CARD)).isFalse();
    }

    @Test
    @DisplayName("A right PIN wipes count and refused PINs")
    void rightPin() throws IOException {
        ledger.begin(CARD);
        ledger.refused(CARD, Optional.of(fingerprint("1234")));
        ledger.begin(CARD);
        ledger.accepted(CARD);
        assertThat(openedAgain().entry(CARD)).isEqualTo(ledger.entry(CARD));
        assertThat(ledger.entry(CARD).wrong()).isZero();
        assertThat(ledger.entry(CARD).refused()).isEmpty();
    }

    @Test
    @DisplayName("Taking the token out forgets the refused PINs, never the count")
    void takenOut() throws IOException {
        ledger.begin(CARD);
        ledger.refused(CARD, Optional.of(fingerprint("1234")));
        ledger.removed(CARD);
        assertThat(openedAgain().entry(CARD).refused()).isEmpty();
        assertThat(openedAgain().entry(CARD).wrong()).isEqualTo(1);
    }

    @Test
    @DisplayName("When the key is lost within one boot, it is known that a refused PIN cannot be told any more")
    void keyLost() throws IOException {
        ledger.begin(CARD);
        ledger.refused(CARD, Optional.of(fingerprint("1234")));
        Files.delete(runtime.resolve("pin-fingerprint.key"));
        assertThat(openedAgain().cannotTell(CARD)).isTrue();
    }

    @Test
    @DisplayName("A new boot forgets refused PINs and keeps the count")
    void newBoot() throws IOException {
        ledger.begin(CARD);
        ledger.refused(CARD, Optional.of(fingerprint("1234")));
        PinLedger afterBoot = new PinLedger(state.resolve("pin-ledger"), FingerprintKey.random(), "another-boot");
        assertThat(afterBoot.entry(CARD).refused()).isEmpty();
        assertThat(afterBoot.entry(CARD).wrong()).isEqualTo(1);
        assertThat(afterBoot.cannotTell(CARD)).isFalse();
    }

    @Test
    @DisplayName("A file cut short or changed is damage, which is not taken for a clean record")
    void damaged() throws IOException {
        ledger.begin(CARD);
        ledger.refused(CARD, Optional.of(fingerprint("1234")));
        String whole = Files.readString(onlyFile());
        for (String broken : new String[] {
            "",
            "x",
            whole.substring(0, whole.length() - 5),
            whole.replace("wrong 1", "wrong -1"),
            whole.replace("wrong", "w")
        }) {
            Files.writeString(onlyFile(), broken);
            assertThat(openedAgain().entry(CARD).damaged()).as(broken).isTrue();
        }
    }

    @Test
    @DisplayName("Nothing of a PIN stands in the files, and nobody else can read them")
    void files() throws IOException {
        ledger.begin(CARD);
        ledger.refused(CARD, Optional.of(fingerprint("47110815")));
        assertThat(Files.readString(onlyFile())).doesNotContain("47110815");
        assertThat(Files.getPosixFilePermissions(onlyFile())).hasToString("[OWNER_READ, OWNER_WRITE]");
        assertThat(Files.getPosixFilePermissions(runtime.resolve("pin-fingerprint.key")))
                .hasToString("[OWNER_READ, OWNER_WRITE]");
    }

    @Test
    @DisplayName("A ledger that cannot be written fails before anything is sent, and counts nothing")
    void cannotWrite() throws IOException {
        ledger.begin(CARD);
        ledger.accepted(CARD);
        Files.createDirectories(
                onlyFile().resolveSibling(onlyFile().getFileName() + ".new").resolve("in the way"));
        assertThatThrownBy(() -> ledger.begin(CARD))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(FileAlreadyExistsException.class);
        assertThat(ledger.entry(CARD).wrong()).isZero();
    }

    @Test
    @DisplayName("The fingerprint is HMAC-SHA-256 under the key in the runtime directory")
    void hmac() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Files.readAllBytes(runtime.resolve("pin-fingerprint.key")), "HmacSHA256"));
        byte[] expected = mac.doFinal("0815\0Card\0001234".getBytes(StandardCharsets.UTF_8));
        assertThat(fingerprint("1234").hex()).isEqualTo(HexFormat.of().formatHex(expected));
    }
}
