package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.MailTrust;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.ChainVerdict;
import org.tokend.smime.revocation.LevelRevocation;
import org.tokend.smime.revocation.RevocationState;
import org.tokend.smime.revocation.RevocationVerdict;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.doctor.Check.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "chain",
        description =
                "Looks at every certificate from one to its root, and at every address that each of them names: what"
                        + " came from it, and whether it helps. Asks for no PIN.")
final class DoctorChainCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(
            paramLabel = "FILE",
            description = "A certificate, PEM, DER or PKCS#7; the first one in the file is looked at.")
    private Path file = Path.of("");

    @Mixin
    private TrustOptions trust = new TrustOptions();

    DoctorChainCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<MailCertificate> found = TrustOptions.read(List.of(file));
        List<MailCertificate> around = new ArrayList<>(found);
        around.addAll(trust.known());
        MailTrust.Decision decision = trust.mailTrust(root.environment()).decide(found.get(0), around);
        List<Check> checks = new ArrayList<>();
        ChainVerdict chain = decision.chain();
        checks.add(new Check(
                "path",
                chain.isTrusted() ? Verdict.OK : Verdict.FAILED,
                chain.status() + ": " + chain.text(),
                chain.next()));
        for (int level = 0; level < chain.path().size(); level++) {
            checks.add(level(level, chain));
        }
        chain.fetches().forEach(line -> checks.add(new Check("issuer", Verdict.OK, line, "")));
        RevocationVerdict revocation = decision.revocation();
        if (revocation != null) {
            revocation.levels().forEach(each -> addRevocation(each, checks));
        }
        return new CheckReport(root).show(checks);
    }

    private static Check level(int level, ChainVerdict chain) {
        MailCertificate each = chain.path().get(level);
        return new Check(
                "level " + level,
                level == chain.level() ? Verdict.FAILED : Verdict.OK,
                CertificateClass.of(each).word(each) + ", " + each.describe() + ", valid from " + each.notBefore()
                        + " to " + each.notAfter(),
                "");
    }

    private static void addRevocation(LevelRevocation level, List<Check> checks) {
        checks.add(new Check(
                "level " + level.level() + " revocation",
                verdict(level.state()),
                level.state().text(),
                ""));
        for (LevelRevocation.Trial trial : level.trials()) {
            String cause = trial.state() instanceof RevocationState.Unknown unknown ? unknown.cause() + ": " : "";
            checks.add(new Check(
                    "level " + level.level() + " address",
                    verdict(trial.state()),
                    trial.url() + "  " + cause + trial.state().text(),
                    ""));
        }
    }

    private static Verdict verdict(RevocationState state) {
        if (state instanceof RevocationState.Good) {
            return Verdict.OK;
        }
        return state.isUnknown() ? Verdict.WARNING : Verdict.FAILED;
    }
}
