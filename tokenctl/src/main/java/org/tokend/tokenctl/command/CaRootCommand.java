package org.tokend.tokenctl.command;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import javax.security.auth.x500.X500Principal;
import org.tokend.client.TokenClient;
import org.tokend.smime.authority.AuthorityException;
import org.tokend.smime.authority.CertificateAuthority;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "root",
        description =
                "Makes the certificate by which a key becomes a root CA: signed by itself. Put it beside the key with"
                        + " \"tokenctl key certificate\".")
final class CaRootCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private String key = "";

    @Option(
            names = "--subject",
            required = true,
            paramLabel = "NAME",
            description = "Distinguished name, such as \"CN=Example Root,O=Example\".")
    private String subject = "";

    @Option(names = "--days", paramLabel = "DAYS", description = "How long it is valid. Otherwise 3650.")
    private int days = 3650;

    @Mixin
    private CaOutput output = new CaOutput();

    CaRootCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        output.check(root);
        byte[] certificate;
        try (TokenClient client = root.connect()) {
            certificate = new CertificateAuthority(
                            TokenKeys.of(client), root.environment().clock(), new SecureRandom())
                    .root(KeyName.find(client, key), name(), days);
        } catch (AuthorityException refused) {
            throw CaFailure.of(refused);
        }
        output.issued(certificate, root);
        return ExitStatus.OK.code();
    }

    private X500Principal name() {
        try {
            return new X500Principal(subject);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitStatus.USAGE,
                    "\"" + subject + "\" is no distinguished name; write it as \"CN=Example Root,O=Example\"");
        }
    }
}
