package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.trust.TrustStore;
import org.tokend.smime.trust.TrustStore.Standing;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Says whether a root is trusted here: TRUSTED, UNTRUSTED, or DIFFERENT_KEY_SAME_NAME. Exit code 0"
                + " only for the first.")
final class TrustCheckCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The root's certificate, PEM or DER.")
    private Path file = Path.of("");

    TrustCheckCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        TrustStore store = MailSetup.of(root.environment()).roots();
        boolean all = true;
        for (MailCertificate each : TrustOptions.read(List.of(file))) {
            Standing standing = store.standing(each);
            all &= standing == Standing.TRUSTED;
            if (root.json()) {
                Json.print(root.environment().out(), json -> {
                    json.writeStringField("subject", each.subject());
                    json.writeStringField("fingerprint", each.fingerprint());
                    json.writeStringField("standing", standing.name());
                });
            } else {
                root.environment()
                        .out()
                        .println(Safe.text(standing + "  " + each.subject() + "  " + each.fingerprint()));
            }
        }
        return (all ? ExitStatus.OK : ExitStatus.NOT_PROVEN).code();
    }
}
