package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.client.TokenClient;
import org.tokend.smime.authority.AuthorityException;
import org.tokend.smime.authority.CaKey;
import org.tokend.smime.authority.CertificateAuthority;
import org.tokend.smime.authority.IssuingWish;
import org.tokend.smime.authority.PemBlock;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.tokenctl.output.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "issue",
        description =
                "Issues the certificate that a request (PKCS#10) asks for: for mail, or with --authority for a CA below"
                        + " this one. The request's signature, key, names and usage are checked first.")
final class CaIssueCommand implements Callable<Integer> {

    private final RootCommand root;

    @Mixin
    private CaKeyOption key = new CaKeyOption();

    @Parameters(
            index = "1",
            paramLabel = "REQUEST",
            description = "PEM or DER, such as \"tokenctl key request\" writes.")
    private Path request = Path.of("");

    @Option(
            names = "--email",
            paramLabel = "ADDRESS",
            description = "An address in the request, of which you know that it is its sender's. Name them all.")
    private List<String> addresses = new ArrayList<>();

    @Option(names = "--authority", description = "For a CA that issues to people and has no CA below it.")
    private boolean authority;

    @Option(names = "--days", paramLabel = "DAYS", description = "How long it is valid. Otherwise 365.")
    private int days = 365;

    @Option(
            names = "--crl-url",
            paramLabel = "URL",
            description = "Where your revocation list can be fetched (http). May be given more than once.")
    private List<String> lists = new ArrayList<>();

    @Option(
            names = "--issuer-url",
            paramLabel = "URL",
            description = "Where your CA's certificate can be fetched (http). May be given more than once.")
    private List<String> issuers = new ArrayList<>();

    @Mixin
    private CaOutput output = new CaOutput();

    CaIssueCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        output.check(root);
        byte[] asked = PemBlock.der(Files.readAllBytes(request));
        byte[] issued;
        try (TokenClient client = root.connect()) {
            CaKey ca = key.among(client);
            issued = new CertificateAuthority(
                            TokenKeys.of(client), root.environment().clock(), new SecureRandom())
                    .issue(ca, asked, new IssuingWish(days, addresses, authority, lists, issuers));
        } catch (AuthorityException refused) {
            throw CaFailure.of(refused);
        }
        output.issued(issued, root);
        return ExitStatus.OK.code();
    }
}
