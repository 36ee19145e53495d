package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.Harvest;
import org.tokend.smime.MessageVerifier;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.OutputFile;
import org.tokend.tokenctl.output.Safe;
import org.tokend.tokenctl.output.SignerText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description =
                "Says who signed a mail, whether the signature fits, whether the certificate is trusted, and whether"
                        + " it is the sender's. Needs no token and asks for no PIN. Exit code 0 only if all of that is so.")
final class SmimeVerifyCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "MAIL",
            description = "A signed mail, or a CMS message in PEM, base64 or DER. Otherwise standard input.")
    private @Nullable Path mail;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where what is signed goes, and nothing that is not signed; - for standard output. It is"
                    + " written for signers who are not trusted too, but not where the signature does not fit.")
    private @Nullable Path out;

    @Option(
            names = "--content",
            paramLabel = "FILE",
            description = "MAIL is a signature alone, and this is what it signs, to the byte.")
    private @Nullable Path content;

    @Option(names = "--explain", description = "Say of every certificate on the path what it is.")
    private boolean explain;

    @Option(
            names = "--harvest",
            description = "Keep the certificate and the capabilities of a signer who is proven to be the sender, to"
                    + " encrypt to later.")
    private boolean harvest;

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    SmimeVerifyCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        boolean toStandard = out != null && out.toString().equals("-");
        if (toStandard) {
            SmimeSignCommand.requireFileForJson(root, Output.of(out, OutputFile.Access.USUAL, environment));
        }
        MessageVerifier verifier =
                new MessageVerifier(trust.trust(environment), trust.known(), environment.temporaryDirectory());
        try (Input.Reopened input = Input.of(mail, environment).reopened();
                VerifiedMail verified = read(verifier, input)) {
            if (out != null && !verified.isBad()) {
                Output.of(out, OutputFile.Access.USUAL, environment).write(verified::writeTo);
            }
            if (harvest) {
                harvested(recipients.store(environment).harvest(verified));
            }
            report(verified, toStandard ? environment.err() : environment.out());
            return status(verified).code();
        }
    }

    private VerifiedMail read(MessageVerifier verifier, Input.Reopened input) throws IOException {
        Path beside = content;
        if (beside == null) {
            return verifier.verify(input.source());
        }
        try (InputStream signature = input.source().open()) {
            return verifier.verifyDetached(signature, Input.of(beside, root.environment())::open);
        }
    }

    /** The same for every command that verifies. */
    static ExitStatus status(VerifiedMail verified) {
        return switch (verified.verdict()) {
            case GOOD -> ExitStatus.OK;
            case BAD -> ExitStatus.DATA;
            case NOT_PROVEN, UNKNOWN -> ExitStatus.NOT_PROVEN;
        };
    }

    private void harvested(Harvest harvest) {
        PrintStream err = root.environment().err();
        if (harvest.kept().isEmpty()) {
            err.println(Safe.text("tokenctl: nothing was kept: " + harvest.outcome() + ": " + harvest.why()));
        }
        harvest.kept()
                .forEach(each -> err.println(Safe.text(
                        "tokenctl: kept " + each.describe() + ", for " + String.join(", ", each.addresses()))));
    }

    private void report(VerifiedMail verified, PrintStream to) {
        if (root.json()) {
            Json.print(to, json -> {
                SignerText.write(json, verified);
                json.writeStringField("output", out == null || verified.isBad() ? null : out.toString());
            });
        } else {
            SignerText.lines(verified, explain).forEach(to::println);
        }
    }
}
