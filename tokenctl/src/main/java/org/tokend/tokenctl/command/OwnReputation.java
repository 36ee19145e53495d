package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.SigningTrust;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.Reputation;
import org.tokend.tokenctl.output.Environment;

/**
 * What is known on this machine about one's own certificates. The network is not asked, so that nobody waits for it before the
 * token signs; and the roots are read only where they matter, because that takes longer than to sign.
 */
final class OwnReputation implements Reputation {

    private final Environment environment;
    private @Nullable Reputation known;

    OwnReputation(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Optional<String> refusal(MailCertificate certificate, Collection<MailCertificate> around) {
        boolean anything = MailSetup.revocationPlaces(environment).stream().anyMatch(OwnReputation::holdsAnything);
        return anything ? read().refusal(certificate, around) : Optional.empty();
    }

    @Override
    public boolean isTrusted(MailCertificate certificate, Collection<MailCertificate> around) {
        return read().isTrusted(certificate, around);
    }

    private Reputation read() {
        Reputation before = known;
        if (before != null) {
            return before;
        }
        try {
            MailSetup setup = MailSetup.of(environment);
            Reputation read = new SigningTrust(setup.trust(setup.roots().certificates(), true));
            known = read;
            return read;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean holdsAnything(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(Files::isRegularFile);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
