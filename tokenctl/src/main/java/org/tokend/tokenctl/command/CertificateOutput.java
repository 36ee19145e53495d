package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokend.tokenctl.output.OutputFile;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which certificate, and where it is written. */
final class CertificateOutput {
    @Parameters(
            paramLabel = "NAME",
            description = "A file, or a certificate on a token: fingerprint, address, label or URI.")
    private String name = "";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where it goes. Otherwise standard output.")
    private @Nullable Path out;

    CertificateName.Named resolve(RootCommand root) throws IOException {
        return CertificateName.resolve(name, root);
    }

    void write(byte[] document, RootCommand root) throws IOException {
        Output.of(out, OutputFile.Access.USUAL, root.environment()).write(stream -> stream.write(document));
    }
}
