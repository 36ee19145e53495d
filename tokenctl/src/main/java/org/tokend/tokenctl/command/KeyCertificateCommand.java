package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.ImportCertificates;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.KeyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "certificate",
        description =
                "Puts the certificate that a CA issued (.cer, .pem, .der or .p7b) beside its key on the token, with those of"
                        + " the CAs above it. The key is found by its public half, whatever it is called. Refused where no"
                        + " key fits, and where the token has the certificate already.")
final class KeyCertificateCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "What the CA sent back.")
    private Path file = Path.of("");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Label or pkcs11: URI. May be left out where only one token has the key.")
    private @Nullable String token;

    KeyCertificateCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<MailCertificate> certificates = TrustOptions.read(List.of(file));
        List<KeyDescription> stored;
        try (TokenClient client = root.connect()) {
            List<byte[]> encoded =
                    certificates.stream().map(MailCertificate::encoded).toList();
            stored = client.provision(new ImportCertificates(tokenOf(certificates, client), encoded));
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> KeyText.write(stored, json));
        } else {
            KeyText.printLong(stored, root.environment().out());
        }
        return ExitStatus.OK.code();
    }

    /** That which has the key. A token that shows its keys only after a login is asked where it is the only one. */
    private String tokenOf(List<MailCertificate> certificates, TokenClient client) {
        if (token != null) {
            return TokenName.resolve(token, client);
        }
        List<String> holders = client.listKeys(null).stream()
                .filter(key -> certificates.stream().anyMatch(each -> each.hasKey(key.publicKey())))
                .map(KeyDescription::token)
                .distinct()
                .toList();
        if (holders.size() > 1) {
            throw new CommandException(
                    ExitStatus.USAGE, "more than one token has the key; say with --token which is meant:", holders);
        }
        if (holders.isEmpty() && certificates.stream().allMatch(MailCertificate::isAuthority)) {
            throw new CommandException(
                    ExitStatus.DATA,
                    file + " holds CAs only, and none of the keys here is theirs; keep them with"
                            + " \"tokenctl certs import\"");
        }
        return holders.isEmpty() ? TokenName.onlyOne(client) : holders.get(0);
    }
}
