package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("Certificates in files that other programs wrote")
class CertificateChainFilesIT {

    @TempDir
    Path directory;

    @TempDir
    Path home;

    /** With a home of its own, so that nothing of the machine's owner counts. */
    private CommandResult tokenctl(MailDesk desk, String... arguments) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("tokend.home"), "bin", "tokenctl")
                .toRealPath()
                .toString();
        List<String> alone =
                List.of("env", "-u", "XDG_CONFIG_HOME", "-u", "XDG_DATA_HOME", "-u", "XDG_CACHE_HOME", "HOME=" + home);
        return desk.run(
                Stream.of(alone.stream(), Stream.of(program), Stream.of(arguments))
                        .flatMap(each -> each)
                        .toList(),
                desk.daemon().environment());
    }

    @Test
    @DisplayName("of OpenSSL's P7B close the gap in a chain, in DER and PEM; the root inside is not trusted by that")
    void imported() throws Exception {
        try (MailDesk desk = new MailDesk(directory, TestKey.RSA_2048_A)) {
            String[] check = {"doctor", "chain", "RSA_2048_A.pem"};
            assertThat(tokenctl(desk, check).output()).contains("CHAIN_GAP", "Test Issuing CA");
            for (String form : List.of("DER", "PEM")) {
                desk.succeeds(
                        "openssl",
                        "crl2pkcs7",
                        "-nocrl",
                        "-certfile",
                        "root.pem",
                        "-certfile",
                        "issuing.pem",
                        "-outform",
                        form,
                        "-out",
                        form + ".p7b");
                CommandResult kept = tokenctl(desk, "certs", "import", form + ".p7b");
                assertThat(kept.status()).as(kept.errors()).isZero();
                assertThat(kept.errors()).contains("Test Issuing CA", "it is a root, and not trusted by being here");
            }
            assertThat(tokenctl(desk, "trust", "check", "root.pem").output()).startsWith("UNTRUSTED");
            CommandResult untrusted = tokenctl(desk, check);
            assertThat(untrusted.status()).isNotZero();
            assertThat(untrusted.output()).contains("UNTRUSTED_ROOT", "Test Root CA");
        }
    }

    @Test
    @DisplayName("with an address in the subject only are read, and the address is marked as one of the old kind")
    void oldAddress() throws Exception {
        try (MailDesk desk = new MailDesk(directory, TestKey.RSA_2048_A)) {
            desk.succeeds(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-keyout",
                    "old.key",
                    "-out",
                    "old.pem",
                    "-days",
                    "10",
                    "-subj",
                    "/CN=Carol/emailAddress=carol@example.org",
                    "-addext",
                    "keyUsage=critical,digitalSignature,keyEncipherment");
            CommandResult shown = tokenctl(desk, "certs", "show", "old.pem");
            assertThat(shown.output()).contains("carol@example.org (in the subject only, as old certificates have it)");
            assertThat(tokenctl(desk, "certs", "show", "old.pem", "--json").output())
                    .contains("\"legacyAddresses\":[\"carol@example.org\"]");
            assertThat(tokenctl(desk, "certs", "show", "RSA_2048_A.pem").output())
                    .contains("alice@example.org")
                    .doesNotContain("subject only");
        }
    }
}
