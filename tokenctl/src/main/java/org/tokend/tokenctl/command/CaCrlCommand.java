package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.smime.authority.AuthorityException;
import org.tokend.smime.authority.CaKey;
import org.tokend.smime.authority.PemBlock;
import org.tokend.smime.authority.RevocationListWriter;
import org.tokend.smime.authority.RevocationListWriter.Revoked;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "crl",
        description =
                "Writes a revocation list. What the list before it holds stays in it, and its number goes up; that list"
                        + " is the only register, so keep it.")
final class CaCrlCommand implements Callable<Integer> {

    private final RootCommand root;

    @Mixin
    private CaKeyOption key = new CaKeyOption();

    @Option(
            names = "--previous",
            paramLabel = "FILE",
            description = "The list before. Leave it out for the first one only.")
    private @Nullable Path previous;

    @Option(
            names = "--revoke",
            paramLabel = "FILE",
            description = "A certificate that shall not count any more. May be given more than once.")
    private List<Path> revoked = new ArrayList<>();

    /** RFC 5280 §5.3.1, those that make sense for people. */
    enum Why {
        UNSPECIFIED(0),
        KEY_COMPROMISE(1),
        AFFILIATION_CHANGED(3),
        SUPERSEDED(4),
        CESSATION_OF_OPERATION(5);

        private final int number;

        Why(int number) {
            this.number = number;
        }
    }

    @Option(
            names = "--why",
            paramLabel = "REASON",
            description = "Why, for all that this call revokes: ${COMPLETION-CANDIDATES}. Otherwise UNSPECIFIED.")
    private Why why = Why.UNSPECIFIED;

    @Option(
            names = "--days",
            paramLabel = "DAYS",
            description = "When the next list comes at the latest. Otherwise 14.")
    private int days = 14;

    @Mixin
    private CaOutput output = new CaOutput();

    CaCrlCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        output.check(root);
        Path out = output.file();
        if (previous == null && out != null && Files.exists(out)) {
            throw new CommandException(
                    ExitStatus.CANNOT_CREATE,
                    out
                            + " exists, and would be replaced by a list that begins anew; name it with --previous, or another"
                            + " file with --out");
        }
        byte[] before = previous == null ? null : PemBlock.der(Files.readAllBytes(previous));
        List<Revoked> withdrawn = new ArrayList<>();
        for (Path file : revoked) {
            for (MailCertificate each : CertificateFile.parse(Files.readAllBytes(file), file.toString())) {
                withdrawn.add(new Revoked(each, why.number));
            }
        }
        byte[] list;
        try (TokenClient client = root.connect()) {
            CaKey ca = key.among(client);
            list = new RevocationListWriter(
                            TokenKeys.of(client), root.environment().clock())
                    .write(ca, before, withdrawn, days);
        } catch (AuthorityException refused) {
            throw CaFailure.of(refused);
        }
        output.write("X509 CRL", list, root.environment());
        return ExitStatus.OK.code();
    }
}
