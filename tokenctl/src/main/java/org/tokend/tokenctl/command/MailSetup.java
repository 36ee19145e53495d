package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.tokend.smime.MailTrust;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.Anchors;
import org.tokend.smime.chain.IssuerSource;
import org.tokend.smime.chain.PathFinder;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.fetch.HttpFetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.policy.MailPolicy;
import org.tokend.smime.profile.ProfileStore;
import org.tokend.smime.revocation.LocalCrls;
import org.tokend.smime.revocation.RevocationCheck;
import org.tokend.smime.trust.TrustPlaces;
import org.tokend.smime.trust.TrustStore;
import org.tokend.tokenctl.output.Environment;

/** The files and directories from which all commands about mail decide, so that they all decide the same. */
final class MailSetup {

    private static final Path MACHINE = Path.of("/etc/tokend");

    private final Environment environment;
    private final MailPolicy policy;

    private MailSetup(Environment environment, MailPolicy policy) {
        this.environment = environment;
        this.policy = policy;
    }

    static MailSetup of(Environment environment) throws IOException {
        MailPolicy policy = MailPolicy.read(List.of(
                MACHINE.resolve("mail.properties"),
                directory(environment, "XDG_CONFIG_HOME", ".config").resolve("mail.properties")));
        return new MailSetup(environment, policy);
    }

    /** Tokend's part of one of the directories of the XDG specification. */
    static Path directory(Environment environment, String variable, String otherwise) {
        String configured = environment.variables().getOrDefault(variable, "");
        String home = environment.variables().getOrDefault("HOME", "");
        Path base = configured.isEmpty() ? Path.of(home.isEmpty() ? "/" : home, otherwise) : Path.of(configured);
        return base.resolve("tokend");
    }

    static ProfileStore profiles(Environment environment) {
        return new ProfileStore(
                directory(environment, "XDG_CONFIG_HOME", ".config").resolve("profiles"));
    }

    static AlgorithmPolicy algorithms(Environment environment) throws IOException {
        return of(environment).policy().algorithms();
    }

    MailPolicy policy() {
        return policy;
    }

    TrustStore roots() {
        return new TrustStore(TrustPlaces.usual(environment.variables()), policy, environment.clock());
    }

    /** CAs between roots and people, which a person imported; none of them is trusted for that. */
    List<MailCertificate> intermediates() throws IOException {
        Path kept = intermediatesDirectory();
        List<MailCertificate> all = new ArrayList<>();
        if (Files.isDirectory(kept)) {
            try (Stream<Path> files = Files.list(kept)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".pem"))
                        .sorted()
                        .toList()) {
                    all.addAll(CertificateFile.lenient(Files.readAllBytes(file)));
                }
            }
        }
        return all;
    }

    Path keepIntermediate(MailCertificate certificate) throws IOException {
        Path kept = Files.createDirectories(intermediatesDirectory());
        Path temporary = Files.createTempFile(kept, ".new", "");
        Files.writeString(temporary, CertificateFile.pem(List.of(certificate)));
        Path file = kept.resolve(certificate.fingerprint().substring("sha256:".length()) + ".pem");
        return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path intermediatesDirectory() {
        return directory(environment, "XDG_DATA_HOME", ".local/share").resolve("intermediates");
    }

    private static Path cacheDirectory(Environment environment) {
        return directory(environment, "XDG_CACHE_HOME", ".cache");
    }

    private static List<Path> crlDirectories(Environment environment) {
        return List.of(
                MACHINE.resolve("crls"),
                directory(environment, "XDG_CONFIG_HOME", ".config").resolve("crls"));
    }

    /** Where this machine has what it knows of revocations. */
    static List<Path> revocationPlaces(Environment environment) {
        List<Path> places = new ArrayList<>(crlDirectories(environment));
        places.add(cacheDirectory(environment));
        return places;
    }

    /** With these roots, and everything else as it is set up here. */
    MailTrust trust(Collection<MailCertificate> roots, boolean offline) throws IOException {
        AlgorithmPolicy algorithms = policy.algorithms();
        Fetcher fetcher = offline ? Fetcher.offline() : new HttpFetcher();
        DocumentCache cache = new DocumentCache(cacheDirectory(environment), environment.clock());
        LocalCrls crls = new LocalCrls(crlDirectories(environment), algorithms);
        return new MailTrust(
                new PathFinder(new Anchors(roots), new IssuerSource(fetcher, cache), algorithms, environment.clock()),
                new RevocationCheck(fetcher, cache, crls, algorithms, environment.clock()),
                MailTrust.Strictness.valueOf(policy.value(MailPolicy.REVOCATION).toUpperCase(Locale.ROOT)),
                policy.budget(),
                intermediates());
    }
}
