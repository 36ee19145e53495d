package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.trust.TrustStore;
import org.tokend.smime.trust.TrustedRoot;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Table;
import org.tokend.tokenctl.output.TokenText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists the roots that are trusted for mail, with who decided so.")
final class TrustListCommand implements Callable<Integer> {

    private final RootCommand root;

    @Option(names = "--own", description = "Leave out what the system trusts.")
    private boolean own;

    @Option(names = "--digest", description = "Write one hash over all of them, to compare machines.")
    private boolean digest;

    TrustListCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        TrustStore store = MailSetup.of(environment).roots();
        List<TrustedRoot> roots = store.roots().stream()
                .filter(each -> !own || each.layer() != TrustedRoot.Layer.SYSTEM)
                .toList();
        String hash = store.digest();
        if (root.json()) {
            Json.print(environment.out(), json -> {
                json.writeStringField("digest", hash);
                json.writeArrayFieldStart("roots");
                for (TrustedRoot each : roots) {
                    json.writeStartObject();
                    json.writeStringField("subject", each.certificate().subject());
                    json.writeStringField("fingerprint", each.certificate().fingerprint());
                    json.writeStringField(
                            "notAfter", each.certificate().notAfter().toString());
                    json.writeStringField("by", TokenText.word(each.layer()));
                    json.writeStringField("file", each.file().toString());
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
        } else if (digest) {
            environment.out().println(hash);
        } else {
            Table table = new Table("BY", "VALID UNTIL", "FINGERPRINT", "ROOT");
            roots.forEach(each -> table.row(
                    TokenText.word(each.layer()),
                    each.certificate().notAfter(),
                    each.certificate().fingerprint(),
                    each.certificate().subject()));
            table.print(environment.out(), environment.outIsTerminal(), environment.coloursOnOut());
        }
        return ExitStatus.OK.code();
    }
}
