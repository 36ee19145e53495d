package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tokend.smime.MailTrust;
import org.tokend.smime.SignerTrust;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Option;

/** Whom a command trusts, and the certificates that a message may have left out. */
final class TrustOptions {

    @Option(
            names = "--anchors",
            paramLabel = "FILE",
            description = "Trust the roots in this file (PEM or DER) and no others. May be given more than once."
                    + " Otherwise those that \"tokenctl trust list\" shows.")
    private List<Path> anchors = new ArrayList<>();

    @Option(
            names = "--untrusted",
            paramLabel = "FILE",
            description = "Certificates that the message may have left out: of the signer and of CAs. They are not"
                    + " trusted, only looked into. May be given more than once.")
    private List<Path> chain = new ArrayList<>();

    @Option(
            names = "--offline",
            description = "Fetch neither certificates of CAs nor revocation lists; decide from what was kept.")
    private boolean offline;

    List<MailCertificate> known() throws IOException {
        return read(chain);
    }

    SignerTrust trust(Environment environment) throws IOException {
        return mailTrust(environment).forOneMail();
    }

    MailTrust mailTrust(Environment environment) throws IOException {
        MailSetup setup = MailSetup.of(environment);
        setup.policy().problems().forEach(each -> environment.err().println(Safe.text("tokenctl: warning: " + each)));
        return setup.trust(anchors.isEmpty() ? setup.roots().certificates() : read(anchors), offline);
    }

    static List<MailCertificate> read(List<Path> files) throws IOException {
        List<MailCertificate> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(CertificateFile.parse(Files.readAllBytes(file), file.toString()));
        }
        return all;
    }
}
