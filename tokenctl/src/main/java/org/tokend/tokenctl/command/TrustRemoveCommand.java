package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.trust.TrustStore;
import org.tokend.smime.trust.TrustedRoot;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = "Ends your own trust in a root.")
final class TrustRemoveCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "SHA256", description = "The fingerprint that \"tokenctl trust list --own\" shows.")
    private String fingerprint = "";

    TrustRemoveCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        TrustStore store = MailSetup.of(root.environment()).roots();
        String wanted = fingerprint.toLowerCase(Locale.ROOT).replace(":", "").replace("sha256", "");
        List<MailCertificate> found = store.roots().stream()
                .map(TrustedRoot::certificate)
                .filter(each -> each.fingerprint().equals("sha256:" + wanted))
                .toList();
        if (found.isEmpty()) {
            throw new CommandException(
                    ExitStatus.NO_INPUT, "no root with this fingerprint is trusted; see \"tokenctl trust list\"");
        }
        store.remove(found.get(0));
        root.environment()
                .err()
                .println(Safe.text("tokenctl: no longer trusts " + found.get(0).subject()));
        return ExitStatus.OK.code();
    }
}
