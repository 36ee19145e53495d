package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.enrol.CertificateRequest;
import org.tokend.smime.enrol.RequestedCertificate;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "request",
        description =
                "Writes a request for a mail certificate (PKCS#10), signed by the key. Send it to a CA, and put what"
                        + " comes back on the token with \"tokenctl key certificate\".")
final class KeyRequestCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private String key = "";

    @Option(
            names = "--subject",
            required = true,
            paramLabel = "NAME",
            description = "Distinguished name, such as \"CN=Alice Example,O=Example\".")
    private String subject = "";

    @Option(
            names = "--email",
            required = true,
            paramLabel = "ADDRESS",
            description = "Mail address. May be given more than once.")
    private List<String> addresses = new ArrayList<>();

    @Option(names = "--use", paramLabel = "USE", description = "One of ${COMPLETION-CANDIDATES}. Otherwise BOTH.")
    private RequestedCertificate.Use use = RequestedCertificate.Use.BOTH;

    @Option(names = "--der", description = "Write DER instead of PEM.")
    private boolean der;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the request goes. Otherwise standard output.")
    private @Nullable Path out;

    KeyRequestCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        byte[] request;
        try (TokenClient client = root.connect()) {
            KeyDescription described = KeyName.find(client, key);
            RequestedCertificate wanted = new RequestedCertificate(new X500Principal(subject), addresses, use);
            request = CertificateRequest.make(TokenKeys.of(client), described, wanted);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitStatus.USAGE, String.valueOf(e.getMessage()));
        }
        byte[] form = der
                ? request
                : CertificateFile.pem("CERTIFICATE REQUEST", request).getBytes(StandardCharsets.US_ASCII);
        Output.of(out, OutputFile.Access.USUAL, root.environment()).write(stream -> stream.write(form));
        return ExitStatus.OK.code();
    }
}
