package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.OutputFile;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Option;

/** Where what a CA signed goes. */
final class CaOutput {

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where it goes. Otherwise standard output.")
    private @Nullable Path out;

    @Option(names = "--der", description = "Write DER instead of PEM.")
    private boolean der;

    @Nullable
    Path file() {
        return out;
    }

    /** Before anything is signed, so that nothing is signed in vain. */
    void check(RootCommand root) {
        SmimeSignCommand.requireFileForJson(root, output(root.environment()));
    }

    private Output output(Environment environment) {
        return Output.of(out, OutputFile.Access.USUAL, environment);
    }

    void write(String type, byte[] encoded, Environment environment) throws IOException {
        byte[] form = der ? encoded : CertificateFile.pem(type, encoded).getBytes(StandardCharsets.US_ASCII);
        output(environment).write(stream -> stream.write(form));
    }

    /** The certificate, and to a person or script what is in it. */
    void issued(byte[] encoded, RootCommand root) throws IOException {
        Environment environment = root.environment();
        write("CERTIFICATE", encoded, environment);
        MailCertificate certificate = MailCertificate.of(encoded)
                .orElseThrow(() -> new IllegalStateException("what was just signed is no certificate"));
        if (root.json()) {
            Json.print(environment.out(), json -> CertificateText.write(certificate, environment, json));
        } else {
            environment
                    .err()
                    .println(Safe.text(
                            "tokenctl: issued " + certificate.describe() + ", valid until " + certificate.notAfter()));
        }
    }
}
