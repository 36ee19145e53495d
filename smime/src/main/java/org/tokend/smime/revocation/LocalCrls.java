package org.tokend.smime.revocation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.LevelRevocation.Trial;
import org.tokend.smime.revocation.RevocationState.Cause;
import org.tokend.smime.revocation.RevocationState.Unknown;

/** CRLs that an administrator puts into a directory, where the network is not to be asked. */
public final class LocalCrls {

    private final List<Path> directories;
    private final CrlReader reader;

    public LocalCrls(List<Path> directories, AlgorithmPolicy policy) {
        this.directories = List.copyOf(directories);
        this.reader = new CrlReader(policy);
    }

    /** The list of this issuer, if one is here; lists of others are passed over. */
    Optional<Trial> find(Subject subject) {
        Optional<Trial> found = Optional.empty();
        for (Path file : files()) {
            RevocationState state;
            try {
                state = reader.read(Files.readAllBytes(file), subject, file.toString());
            } catch (IOException unreadable) {
                continue;
            }
            boolean ofAnother = state instanceof Unknown unknown
                    && (unknown.cause() == Cause.WRONG_ISSUER || unknown.cause() == Cause.BAD_ENCODING);
            if (!ofAnother && (found.isEmpty() || found.get().state().isUnknown())) {
                found = Optional.of(new Trial(file.toString(), state));
            }
        }
        return found;
    }

    private List<Path> files() {
        return directories.stream()
                .filter(Files::isDirectory)
                .flatMap(LocalCrls::list)
                .sorted()
                .toList();
    }

    private static Stream<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException unreadable) {
            return Stream.empty();
        }
    }
}
