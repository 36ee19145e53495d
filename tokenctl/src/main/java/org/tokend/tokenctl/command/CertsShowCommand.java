package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows whom a certificate is for, what it is made for, and where its CA publishes.")
final class CertsShowCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(
            paramLabel = "NAME",
            description = "A file, or a certificate on a token: fingerprint, address, label or URI.")
    private String name = "";

    CertsShowCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        MailCertificate certificate = CertificateName.resolve(name, root).certificate();
        if (root.json()) {
            Json.print(root.environment().out(), json -> CertificateText.write(certificate, root.environment(), json));
        } else {
            CertificateText.print(certificate, root.environment());
        }
        return ExitStatus.OK.code();
    }
}
