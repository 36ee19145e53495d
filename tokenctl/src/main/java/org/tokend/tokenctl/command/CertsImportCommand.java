package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = "Keeps the CA certificates in a file (PEM, DER or P7B) as links between people and roots. A root"
                + " among them is not trusted by that: see \"tokenctl trust add\".")
final class CertsImportCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "Such as the .p7b that a CA or a sender gave you.")
    private Path file = Path.of("");

    CertsImportCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        MailSetup setup = MailSetup.of(root.environment());
        List<MailCertificate> found = TrustOptions.read(List.of(file));
        List<MailCertificate> authorities =
                found.stream().filter(MailCertificate::isAuthority).toList();
        if (authorities.isEmpty()) {
            throw new CommandException(
                    ExitStatus.DATA,
                    file
                            + " holds no CA's certificate; a correspondent's is kept with \"tokenctl recipients add\", your"
                            + " own goes beside its key on the token with \"tokenctl key certificate\"",
                    found.stream().map(MailCertificate::describe).toList());
        }
        for (MailCertificate each : authorities) {
            setup.keepIntermediate(each);
            String root = each.isSelfIssued() ? "; it is a root, and not trusted by being here" : "";
            this.root.environment().err().println(Safe.text("tokenctl: kept " + each.describe() + root));
        }
        return ExitStatus.OK.code();
    }
}
