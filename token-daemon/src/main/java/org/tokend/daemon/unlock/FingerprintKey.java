package org.tokend.daemon.unlock;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.linux.LockedPage;

/**
 * The key of the fingerprints. It lives in the runtime directory, which is memory: it survives the daemon and dies with the
 * machine's uptime, so that whoever steals the disk cannot find by trial which wrong PINs, and so nearly which right one,
 * were typed. No slow hash could protect six digits.
 */
final class FingerprintKey {
    private static final int KEY_BYTES = 32;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final byte[] key;
    private final String id;

    private FingerprintKey(byte[] key) {
        this.key = key;
        byte[] label = HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII);
        this.id = HexFormat.of().formatHex(sha256(label), 0, 4);
    }

    /** Reads the key, or makes one where there is none. */
    static FingerprintKey in(Path runtimeDirectory) throws IOException {
        Path file = runtimeDirectory.resolve("pin-fingerprint.key");
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == KEY_BYTES) {
                return new FingerprintKey(bytes);
            }
        } catch (NoSuchFileException e) {
            // The first start since boot.
        }
        FingerprintKey fresh = random();
        Path written = Files.createTempFile(
                runtimeDirectory,
                "pin-fingerprint",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(written, fresh.key, StandardOpenOption.WRITE);
        Files.move(written, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        return fresh;
    }

    static FingerprintKey random() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new FingerprintKey(bytes);
    }

    String id() {
        return id;
    }

    /** HMAC-SHA-256 (RFC 2104) over the token's name and the PIN; the PIN's bytes stay in locked memory. */
    PinFingerprint of(TokenIdentity token, MemorySegment pin) {
        byte[] name = (token.serial() + "\0" + token.label() + "\0").getBytes(StandardCharsets.UTF_8);
        try (OffHeapSha256 hash = new OffHeapSha256();
                LockedPage page = LockedPage.allocate(OffHeapSha256.DIGEST_BYTES)) {
            pad(hash, INNER_PAD);
            update(hash, name);
            hash.update(pin);
            hash.digest(page.segment());
            pad(hash, OUTER_PAD);
            hash.update(page.segment());
            hash.digest(page.segment());
            return new PinFingerprint(
                    id, HexFormat.of().formatHex(page.segment().toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    private void pad(OffHeapSha256 hash, byte pad) {
        byte[] block = Arrays.copyOf(key, OffHeapSha256.BLOCK_BYTES);
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
        update(hash, block);
    }

    private static void update(OffHeapSha256 hash, byte[] bytes) {
        for (byte value : bytes) {
            hash.update(value);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try (OffHeapSha256 hash = new OffHeapSha256();
                Arena arena = Arena.ofConfined()) {
            update(hash, bytes);
            MemorySegment digest = arena.allocate(OffHeapSha256.DIGEST_BYTES);
            hash.digest(digest);
            return digest.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
