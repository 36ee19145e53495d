package org.tokend.daemon.rejection;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.token.Token;

/**
 * The secret K of each key: 32 random bytes that lie on the disk only as encrypted to the key itself, so that who has the
 * disk but not the token can foretell no answer. Decrypted on the token at first use, and again in each generation.
 */
public final class RejectionSecrets implements AutoCloseable {
    private final Path directory;
    private final SecureRandom random = new SecureRandom();
    private final Map<KeyFingerprint, Slot> slots = new ConcurrentHashMap<>();

    /** @param directory made with mode 0700 when it is needed */
    public RejectionSecrets(Path directory) {
        this.directory = directory;
    }

    private static final class Slot {
        final ReentrantLock lock = new ReentrantLock();

        @Nullable
        PseudoRandom secret;

        long generation;
    }

    PseudoRandom of(Token token, KeyDescriptor key, @Nullable MemorySegment pin) throws TokenException {
        Slot slot = slots.computeIfAbsent(key.fingerprint(), fingerprint -> new Slot());
        slot.lock.lock();
        try {
            long generation = token.generation();
            if (slot.secret == null || slot.generation != generation) {
                PseudoRandom secret = new PseudoRandom(load(token, key, pin));
                if (slot.secret != null) {
                    slot.secret.close();
                }
                slot.secret = secret;
                slot.generation = generation;
            }
            return slot.secret;
        } finally {
            slot.lock.unlock();
        }
    }

    private byte[] load(Token token, KeyDescriptor key, @Nullable MemorySegment pin) throws TokenException {
        KeyAlgorithm algorithm = SecretSeal.algorithm(key);
        Path file = directory.resolve(key.fingerprint().hex() + "." + SecretSeal.name(algorithm));
        try {
            if (!Files.exists(file)) {
                enrol(key, algorithm, file);
            }
            byte[] secret = token.decrypt(key, algorithm, Files.readAllBytes(file), pin);
            if (secret.length != PseudoRandom.KEY_LENGTH) {
                throw new TokenException.Failed(damaged(file), 0);
            }
            return secret;
        } catch (TokenException.Failed e) {
            throw new TokenException.Failed(damaged(file) + " (" + e.getMessage() + ")", e.returnValue());
        } catch (IOException e) {
            throw new TokenException.Failed(
                    "the rejection secret " + file + " cannot be read or written (" + e.getMessage()
                            + "); mend the state directory",
                    0);
        }
    }

    private static String damaged(Path file) {
        return "the rejection secret " + file
                + " does not decrypt with its key; remove the file, and a new one is made";
    }

    private void enrol(KeyDescriptor key, KeyAlgorithm algorithm, Path file) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        byte[] secret = new byte[PseudoRandom.KEY_LENGTH];
        random.nextBytes(secret);
        Path part = Files.createTempFile(directory, "new", "");
        Files.write(part, SecretSeal.seal(key, algorithm, secret, random));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        for (Slot slot : slots.values()) {
            slot.lock.lock();
            try {
                if (slot.secret != null) {
                    slot.secret.close();
                    slot.secret = null;
                }
            } finally {
                slot.lock.unlock();
            }
        }
    }
}
