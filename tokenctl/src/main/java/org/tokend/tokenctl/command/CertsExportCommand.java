package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description =
                "Writes one certificate, to give to others. The private key is not part of it and stays on the token.")
final class CertsExportCommand implements Callable<Integer> {

    private final RootCommand root;

    @Mixin
    private CertificateOutput output = new CertificateOutput();

    @Option(names = "--der", description = "Write DER (.cer) and not PEM.")
    private boolean der;

    CertsExportCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        MailCertificate certificate = output.resolve(root).certificate();
        byte[] document = der
                ? certificate.encoded()
                : CertificateFile.pem(List.of(certificate)).getBytes(StandardCharsets.US_ASCII);
        output.write(document, root);
        return ExitStatus.OK.code();
    }
}
