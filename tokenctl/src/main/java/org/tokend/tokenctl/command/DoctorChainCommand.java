package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.MailTrust;
import org.tokend.smime.certificate.MailCertificate;
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
        return new CheckReport(root).show(new ChainChecks("", Verdict.FAILED).of(decision));
    }
}
