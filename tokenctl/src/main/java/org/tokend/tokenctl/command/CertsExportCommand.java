package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description =
                "Writes one certificate, to give to others. The private key is not part of it and stays on the token.")
final class CertsExportCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(
            paramLabel = "NAME",
            description = "A file, or a certificate on a token: fingerprint, address, label or URI.")
    private String name = "";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where it goes. Otherwise standard output.")
    private @Nullable Path out;

    @Option(names = "--der", description = "Write DER (.cer) and not PEM.")
    private boolean der;

    CertsExportCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        MailCertificate certificate = CertificateName.resolve(name, root).certificate();
        byte[] document = der
                ? certificate.encoded()
                : CertificateFile.pem(List.of(certificate)).getBytes(StandardCharsets.US_ASCII);
        Output.of(out, OutputFile.Access.USUAL, root.environment()).write(stream -> stream.write(document));
        return ExitStatus.OK.code();
    }
}
