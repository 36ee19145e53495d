package org.tokend.smime.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Documents on disk by address. What is read here is as unproven as what came from the network: whoever uses it checks its
 * signature and its dates again. A cache that cannot be written costs time, not the decision.
 */
public final class DocumentCache {

    /** How long an address that did not answer is left in peace. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Path directory;
    private final Clock clock;

    public DocumentCache(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** Keeps nothing. */
    public static DocumentCache none() {
        return new DocumentCache(Path.of("/dev/null/nothing"), Clock.systemUTC());
    }

    public Optional<byte[]> find(String address) {
        try {
            return Optional.of(Files.readAllBytes(file(address, "")));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    public void keep(String address, byte[] document) {
        write(file(address, ""), document);
        try {
            Files.deleteIfExists(file(address, ".failed"));
        } catch (IOException leftInPeaceForAMinute) {
            return;
        }
    }

    public void keepFailure(String address, FetchProblem problem) {
        write(file(address, ".failed"), problem.name().getBytes(StandardCharsets.US_ASCII));
    }

    /** Why the address did not answer within the last minute. */
    public Optional<FetchProblem> recentFailure(String address) {
        Path file = file(address, ".failed");
        try {
            Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
            if (age.isNegative() || age.compareTo(SILENCE) > 0) {
                return Optional.empty();
            }
            return Optional.of(FetchProblem.valueOf(Files.readString(file, StandardCharsets.US_ASCII)));
        } catch (IOException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private void write(Path file, byte[] content) {
        Path temporary = null;
        try {
            Files.createDirectories(directory);
            temporary = Files.createTempFile(directory, ".new", "");
            Files.write(temporary, content);
            Files.setLastModifiedTime(temporary, FileTime.from(now()));
            // Readers see the old document or the new one, and no half.
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException notKept) {
            delete(temporary);
        }
    }

    private Instant now() {
        return clock.instant();
    }

    private static void delete(@org.jspecify.annotations.Nullable Path temporary) {
        if (temporary != null) {
            temporary.toFile().delete();
        }
    }

    private Path file(String address, String suffix) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(address.getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(digest) + suffix);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
