package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.MailTrust;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.ChainVerdict;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "chain",
        description = "Writes a certificate and the CAs above it as P7B, for somebody whose program cannot find them.")
final class CertsChainCommand implements Callable<Integer> {

    private final RootCommand root;

    @Mixin
    private CertificateOutput output = new CertificateOutput();

    @Option(names = "--pem", description = "Write the P7B in PEM and not in DER.")
    private boolean pem;

    @Option(names = "--root", description = "Include the root. Its receiver must still decide to trust it.")
    private boolean withRoot;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    CertsChainCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        CertificateName.Named named = output.resolve(root);
        List<MailCertificate> around = new ArrayList<>(named.around());
        around.addAll(trust.known());
        MailTrust decides = trust.mailTrust(root.environment());
        ChainVerdict chain = decides.decide(named.certificate(), around).chain();
        List<MailCertificate> written = chain.path().stream()
                .filter(each -> withRoot || !each.isSelfIssued() || each.equals(named.certificate()))
                .toList();
        byte[] der = CertificateFile.p7b(written);
        byte[] document = pem ? CertificateFile.pem("PKCS7", der).getBytes(StandardCharsets.US_ASCII) : der;
        output.write(document, root);
        if (!chain.isTrusted()) {
            root.environment()
                    .err()
                    .println(Safe.text(
                            "tokenctl: warning: the chain may not help: " + chain.text() + "; " + chain.next()));
        }
        return ExitStatus.OK.code();
    }
}
