package org.tokend.smime.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.policy.MailPolicy;
import org.tokend.smime.trust.TrustException.Reason;
import org.tokend.smime.trust.TrustedRoot.Layer;

/**
 * The roots of all layers, read anew each time, so that what an administrator copies into a directory counts at once. Nothing
 * that came with a message is ever among them.
 */
public final class TrustStore {

    private final TrustPlaces places;
    private final MailPolicy policy;
    private final Clock clock;

    public TrustStore(TrustPlaces places, MailPolicy policy, Clock clock) {
        this.places = places;
        this.policy = policy;
        this.clock = clock;
    }

    /** How a root stands here. */
    public enum Standing {
        TRUSTED,
        UNTRUSTED,
        /** Another key of the same name is trusted: a renewed root, or somebody who takes its name. */
        DIFFERENT_KEY_SAME_NAME
    }

    public List<TrustedRoot> roots() throws IOException {
        List<TrustedRoot> all = new ArrayList<>();
        if (policy.isOn(MailPolicy.TRUST_SYSTEM) && Files.isReadable(places.system())) {
            add(places.system(), Layer.SYSTEM, all);
        }
        addAll(places.machine(), Layer.MACHINE, all);
        if (policy.isOn(MailPolicy.TRUST_USER)) {
            addAll(places.user(), Layer.USER, all);
        }
        return all;
    }

    public List<MailCertificate> certificates() throws IOException {
        return roots().stream().map(TrustedRoot::certificate).toList();
    }

    public Standing standing(MailCertificate root) throws IOException {
        List<MailCertificate> namesakes = certificates().stream()
                .filter(each -> each.holder().getSubject().equals(root.holder().getSubject()))
                .toList();
        if (namesakes.stream().anyMatch(root::hasSameKeyAs)) {
            return Standing.TRUSTED;
        }
        return namesakes.isEmpty() ? Standing.UNTRUSTED : Standing.DIFFERENT_KEY_SAME_NAME;
    }

    /**
     * Trusts a root for this person.
     *
     * @param fingerprint SHA-256 in hex, as the person got it from elsewhere than the file
     */
    public TrustedRoot add(List<MailCertificate> inFile, String fingerprint) throws IOException {
        requireUnlocked();
        if (inFile.size() != 1) {
            throw new TrustException(
                    Reason.NOT_ONE_CERTIFICATE,
                    "the file holds " + inFile.size() + " certificates, and roots are trusted one by one");
        }
        MailCertificate root = inFile.get(0);
        if (!plain(fingerprint).equals(plain(root.fingerprint()))) {
            throw new TrustException(
                    Reason.FINGERPRINT_DIFFERS,
                    "the fingerprint is not that of " + root.subject() + ", which is " + root.fingerprint()
                            + "; the file is not the one you mean, or the fingerprint was copied wrongly");
        }
        if (!root.isAuthority() || !root.hasOwnSignature()) {
            throw new TrustException(
                    Reason.NOT_A_ROOT,
                    root.subject() + " is not the certificate of a root CA; keep CAs between a root and a person with"
                            + " \"tokenctl certs import\"");
        }
        if (clock.instant().isAfter(root.notAfter())) {
            throw new TrustException(Reason.EXPIRED, root.subject() + " expired on " + root.notAfter());
        }
        Path file = file(root);
        write(file, root);
        return new TrustedRoot(root, Layer.USER, file);
    }

    /** Ends this person's trust in a root; what machine and system trust is theirs to end. */
    public void remove(MailCertificate root) throws IOException {
        requireUnlocked();
        Optional<TrustedRoot> known = roots().stream()
                .filter(each -> each.certificate().equals(root))
                .max((one, other) -> one.layer().compareTo(other.layer()));
        if (known.filter(each -> each.layer() == Layer.USER).isEmpty()) {
            throw new TrustException(
                    Reason.NOT_TRUSTED_HERE,
                    root.subject() + " is not trusted by you"
                            + known.map(each -> ", but by " + each.file()).orElse("")
                            + "; see \"tokenctl trust list\"");
        }
        Files.delete(known.get().file());
    }

    /** One hash over all roots, to compare machines. */
    public String digest() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            roots().stream()
                    .map(each -> each.certificate().fingerprint())
                    .distinct()
                    .sorted()
                    .forEach(each -> digest.update((each + "\n").getBytes(StandardCharsets.US_ASCII)));
            return "sha256:" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void requireUnlocked() throws TrustException {
        if (!policy.isOn(MailPolicy.TRUST_USER)) {
            Optional<Path> by = policy.lockedBy(MailPolicy.TRUST_USER).or(() -> policy.origin(MailPolicy.TRUST_USER));
            throw new TrustException(
                    Reason.POLICY_LOCKED,
                    "roots are chosen by the administrator here: "
                            + by.map(Path::toString).orElse("the policy")
                            + " says " + MailPolicy.TRUST_USER + " = no; ask them to put the root into "
                            + places.machine());
        }
    }

    private static String plain(String fingerprint) {
        return fingerprint.toLowerCase(Locale.ROOT).replace("sha256:", "").replaceAll("[: ]", "");
    }

    private Path file(MailCertificate root) {
        return places.user().resolve(plain(root.fingerprint()) + ".pem");
    }

    private void write(Path file, MailCertificate root) throws IOException {
        Files.createDirectories(
                places.user(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path temporary = Files.createTempFile(places.user(), ".new", "");
        Files.writeString(
                temporary, root.subject().replaceAll("\\p{Cntrl}", " ") + "\n" + CertificateFile.pem(List.of(root)));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void addAll(Path directory, Layer layer, List<TrustedRoot> all) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(each -> each.toString().matches(".*\\.(pem|crt|cer|der)"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            add(file, layer, all);
        }
    }

    /** One file that cannot be read must not take the trust in all others away. */
    private static void add(Path file, Layer layer, List<TrustedRoot> all) throws IOException {
        Map<String, TrustedRoot> roots = new LinkedHashMap<>();
        for (MailCertificate each : CertificateFile.lenient(Files.readAllBytes(file))) {
            roots.put(each.fingerprint(), new TrustedRoot(each, layer, file));
        }
        all.addAll(roots.values());
    }
}
