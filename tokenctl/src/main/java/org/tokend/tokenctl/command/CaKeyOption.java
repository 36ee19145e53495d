package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.smime.authority.AuthorityException;
import org.tokend.smime.authority.CaKey;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which CA's key signs. */
final class CaKeyOption {

    @Parameters(index = "0", paramLabel = "KEY", description = "URI, fingerprint or label of the CA's key.")
    private String key = "";

    @Option(
            names = "--ca-cert",
            paramLabel = "FILE",
            description = "The CA's certificate. Otherwise the one beside its key on the token.")
    private @Nullable Path certificate;

    CaKey among(TokenClient client) throws IOException, AuthorityException {
        return CaKey.of(KeyName.find(client, key), given());
    }

    private Optional<MailCertificate> given() throws IOException {
        Path file = certificate;
        return file == null
                ? Optional.empty()
                : CertificateFile.parse(Files.readAllBytes(file), file.toString()).stream()
                        .findFirst();
    }
}
