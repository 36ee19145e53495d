package org.tokend.daemon.unlock;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.tokend.pkcs11.TokenIdentity;

/**
 * Counts wrong PINs for each token, on disk, because tokens cannot be trusted to: some never lock, some lock without a
 * warning, some say "wrong" for "locked". Every try is counted before it is made, so a crash in the middle counts too.
 * Thread-safe.
 */
public final class PinLedger {
    private final Path directory;
    private final FingerprintKey key;
    private final String bootId;
    private final Map<String, LedgerEntry> entries = new HashMap<>();

    PinLedger(Path directory, FingerprintKey key, String bootId) {
        this.directory = directory;
        this.key = key;
        this.bootId = bootId;
    }

    /**
     * @param stateDirectory survives the machine; the ledger is in a directory below it
     * @param runtimeDirectory survives the daemon, but not the machine's uptime
     */
    public static PinLedger open(Path stateDirectory, Path runtimeDirectory) throws IOException {
        Path directory = stateDirectory.resolve("pin-ledger");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        String bootId =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        return new PinLedger(directory, FingerprintKey.in(runtimeDirectory), bootId);
    }

    synchronized LedgerEntry entry(TokenIdentity token) {
        return entries.computeIfAbsent(name(token), name -> file(name).read(bootId));
    }

    PinFingerprint fingerprint(TokenIdentity token, MemorySegment pin) {
        return key.of(token, pin);
    }

    /** Whether some PIN was refused that can no longer be told from others. */
    boolean cannotTell(TokenIdentity token) {
        return entry(token).cannotTell(key.id());
    }

    /** Must return before the PIN is sent. */
    synchronized void begin(TokenIdentity token) throws IOException {
        LedgerEntry before = entry(token);
        try {
            write(token, before.begun());
        } catch (IOException e) {
            entries.put(name(token), before);
            throw e;
        }
    }

    synchronized void accepted(TokenIdentity token) throws IOException {
        write(token, LedgerEntry.clean(bootId));
    }

    /** @param fingerprint empty when the PIN was typed at the token */
    synchronized void refused(TokenIdentity token, Optional<PinFingerprint> fingerprint) throws IOException {
        LedgerEntry entry = entry(token);
        write(token, fingerprint.map(entry::withRefused).orElseGet(entry::stillCounted));
    }

    /** The token was not asked after all. */
    synchronized void unspent(TokenIdentity token) throws IOException {
        write(token, entry(token).unspent());
    }

    /** Nobody knows whether the token counted the try, so it stays counted. */
    synchronized void unclear(TokenIdentity token) throws IOException {
        write(token, entry(token).stillCounted());
    }

    /** The token was taken out: its PIN may be another when it comes back. The count stays. */
    synchronized void removed(TokenIdentity token) throws IOException {
        LedgerEntry entry = entry(token);
        if (!entry.refused().isEmpty()) {
            write(token, entry.withoutRefused(bootId));
        }
    }

    private void write(TokenIdentity token, LedgerEntry entry) throws IOException {
        String name = name(token);
        // Memory first: when the disk fails, at least this process knows of the try.
        entries.put(name, entry);
        file(name).write(entry);
    }

    private LedgerFile file(String name) {
        return new LedgerFile(directory.resolve(name));
    }

    private static String name(TokenIdentity token) {
        try {
            byte[] identity = (token.serial() + "\0" + token.label()).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
