package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.policy.MailPolicy;
import org.tokend.smime.trust.TrustPlaces;
import org.tokend.smime.trust.TrustStore;
import org.tokend.smime.trust.TrustedRoot;
import org.tokend.smime.trust.TrustedRoot.Layer;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.doctor.Check.Verdict;
import org.tokend.tokenctl.output.TokenText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "trust",
        description = "Looks at who is trusted for mail: each layer, each root that a person or an administrator added,"
                + " and what is set. With certificates: what each side makes of them, side by side, and what one lacks"
                + " that another has. Asks for no PIN and goes to no address.")
final class DoctorTrustCommand implements Callable<Integer> {

    private static final Duration SOON = Duration.ofDays(60);

    private final RootCommand root;

    @Parameters(
            arity = "0..*",
            paramLabel = "CERTIFICATE",
            description =
                    "Files with certificates, PEM, DER or PKCS#7; the first one in each is looked at, and the others"
                            + " come with it.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--side",
            paramLabel = "NAME=PLACE",
            description =
                    "Somebody else who has to trust them: a name for a file or a directory in which that side keeps"
                            + " whom it trusts. May be given more than once. This machine's mail, and its system for other"
                            + " programs, are always looked at.")
    private Map<String, Path> others = new LinkedHashMap<>();

    @Option(
            names = "--untrusted",
            paramLabel = "FILE",
            description = "CAs between, which come with each of the certificates. May be given more than once.")
    private List<Path> sent = new ArrayList<>();

    DoctorTrustCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        MailSetup setup = MailSetup.of(root.environment());
        if (!files.isEmpty()) {
            return new CheckReport(root).show(sideBySide(setup));
        }
        TrustStore store = setup.roots();
        List<TrustedRoot> roots = store.roots();
        List<Check> checks = new ArrayList<>();
        layers(setup.policy(), roots, checks);
        roots.stream().filter(each -> each.layer() != Layer.SYSTEM).forEach(each -> checks.add(of(each)));
        settings(setup.policy(), checks);
        checks.add(new Check("digest", Verdict.OK, store.digest() + ", the same where the same roots are trusted", ""));
        return new CheckReport(root).show(checks);
    }

    private List<Check> sideBySide(MailSetup setup) throws IOException {
        List<TrustSide> sides = new ArrayList<>();
        sides.add(new TrustSide("mail", setup.roots().certificates(), setup.intermediates()));
        Path system = TrustPlaces.usual(root.environment().variables()).system();
        if (Files.isReadable(system)) {
            sides.add(TrustSide.of(TrustSides.SYSTEM, system));
        }
        for (Map.Entry<String, Path> each : others.entrySet()) {
            sides.add(TrustSide.of(each.getKey(), each.getValue()));
        }
        List<Check> checks = new ArrayList<>();
        for (Path file : files) {
            List<MailCertificate> found = TrustOptions.read(List.of(file));
            List<MailCertificate> around = new ArrayList<>(found);
            around.addAll(TrustOptions.read(sent));
            checks.addAll(new TrustSides(sides, around, root.environment().clock()).of(found.get(0)));
        }
        return checks;
    }

    private void layers(MailPolicy policy, List<TrustedRoot> roots, List<Check> checks) {
        TrustPlaces places = TrustPlaces.usual(root.environment().variables());
        Map<Layer, Path> files = new EnumMap<>(
                Map.of(Layer.SYSTEM, places.system(), Layer.MACHINE, places.machine(), Layer.USER, places.user()));
        files.forEach((layer, place) -> {
            boolean off = layer == Layer.SYSTEM && !policy.isOn(MailPolicy.TRUST_SYSTEM)
                    || layer == Layer.USER && !policy.isOn(MailPolicy.TRUST_USER);
            long count = roots.stream().filter(each -> each.layer() == layer).count();
            checks.add(new Check(
                    "layer " + TokenText.word(layer),
                    Verdict.OK,
                    off ? place + ": does not count, by the policy" : place + ": " + count + " roots",
                    ""));
        });
        boolean nobody = roots.isEmpty();
        checks.add(new Check(
                "roots",
                nobody ? Verdict.FAILED : Verdict.OK,
                nobody
                        ? "nobody is trusted, so no signature can be proven and nobody encrypted to"
                        : roots.size() + " in all",
                nobody ? "\"tokenctl trust add FILE --fingerprint ...\" with the root of your CA" : ""));
    }

    private Check of(TrustedRoot trusted) {
        Instant now = root.environment().clock().instant();
        Instant end = trusted.certificate().notAfter();
        String name = "root " + trusted.certificate().fingerprint();
        String text = trusted.certificate().subject() + ", valid until " + end + ", from " + trusted.file();
        if (now.isAfter(end) || now.isBefore(trusted.certificate().notBefore())) {
            return new Check(
                    name, Verdict.FAILED, text + ": not valid now", "ask the CA for the root that replaces it");
        }
        return now.plus(SOON).isAfter(end)
                ? new Check(name, Verdict.WARNING, text + ": ends soon", "ask the CA for the root that replaces it")
                : new Check(name, Verdict.OK, text, "");
    }

    private static void settings(MailPolicy policy, List<Check> checks) {
        for (String setting : List.of(
                MailPolicy.TRUST_SYSTEM,
                MailPolicy.TRUST_USER,
                MailPolicy.REVOCATION,
                MailPolicy.BUDGET,
                AlgorithmPolicy.DEFAULT_CIPHER)) {
            checks.add(new Check(
                    "setting " + setting,
                    Verdict.OK,
                    policy.value(setting)
                            + policy.origin(setting).map(file -> ", by " + file).orElse(", built in")
                            + policy.lockedBy(setting)
                                    .map(file -> ", locked by " + file)
                                    .orElse(""),
                    ""));
        }
        checks.add(new Check(
                "algorithms", Verdict.OK, "the table of " + policy.algorithms().date(), ""));
        policy.problems()
                .forEach(each -> checks.add(
                        new Check("policy", Verdict.WARNING, each, "take the line out of your own mail.properties")));
    }
}
