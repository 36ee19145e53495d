package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("With the profile \"manage\"")
@Timeout(120)
class KeysManagedOnPurposeIT {
    private static final String MODULE = ApplicationDesk.clientModule().toString();
    private static final Path KEYTOOL = Path.of(System.getProperty("java.home"), "bin", "keytool");

    @TempDir
    Path directory;

    private ApplicationDesk desk;

    @BeforeEach
    void start() throws IOException {
        String rule = """
                [[application]]
                programs = ["/usr/bin/p11tool", "/usr/bin/certutil", "%s"]
                profile = "manage"
                """.formatted(KEYTOOL.toRealPath());
        desk = new ApplicationDesk(directory, builder -> builder.tables(rule), TestKey.P256_A);
    }

    @AfterEach
    void stop() {
        desk.close();
    }

    private String p11tool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("p11tool", "--provider", MODULE, "--login", "--batch"));
        command.addAll(List.of(arguments));
        return desk.succeeds(command.toArray(String[]::new));
    }

    private long managed(String function) {
        return desk.daemon()
                .audit()
                .lines()
                .filter(line -> line.contains("\"event\":\"manage\"") && line.contains(function))
                .count();
    }

    @Test
    @DisplayName("GnuTLS's p11tool makes a key, uses it, writes a certificate and deletes both")
    void p11tool() throws Exception {
        p11tool(
                "--generate-privkey",
                "ecc",
                "--curve",
                "secp256r1",
                "--label",
                "bob",
                "--outfile",
                "bob.pub",
                ApplicationDesk.CARD);
        p11tool("--write", "--load-certificate", "root.pem", "--label", "root", ApplicationDesk.CARD);
        assertThat(p11tool("--list-all", ApplicationDesk.CARD))
                .contains("object=bob;type=private", "object=root;type=cert");
        p11tool("--test-sign", ApplicationDesk.CARD + ";object=bob;type=private");
        p11tool("--delete", ApplicationDesk.CARD + ";object=bob;type=private");
        p11tool("--delete", ApplicationDesk.CARD + ";object=bob;type=public");
        p11tool("--delete", ApplicationDesk.CARD + ";object=root");
        assertThat(p11tool("--list-all", ApplicationDesk.CARD)).doesNotContain("object=bob", "object=root");
        assertThat(managed("C_GenerateKeyPair")).isEqualTo(1);
        assertThat(managed("C_DestroyObject")).isGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("NSS's certutil makes a key on the token and signs the request for its certificate")
    void certutil() throws Exception {
        desk.succeeds("certutil", "-N", "-d", "sql:.", "--empty-password");
        desk.succeeds("modutil", "-force", "-dbdir", "sql:.", "-add", "tokend", "-libfile", MODULE);
        Files.write(desk.file("noise"), new byte[100]);
        desk.succeeds(
                "certutil",
                "-R",
                "-d",
                "sql:.",
                "-h",
                "card",
                "-k",
                "rsa",
                "-g",
                "2048",
                "-z",
                "noise",
                "-s",
                "CN=Bob",
                "-a",
                "-o",
                "bob.csr");
        desk.succeeds("openssl", "req", "-in", "bob.csr", "-noout", "-verify");
        assertThat(desk.succeeds("certutil", "-K", "-d", "sql:.", "-h", "card")).contains("(orphan)");
    }

    @Test
    @DisplayName("Java's keytool makes a key with its certificate, and deletes both")
    void keytool() throws Exception {
        Files.writeString(
                desk.file("tokend.cfg"),
                "name = tokend\nlibrary = " + MODULE + "\nattributes(generate, *, *) = { CKA_TOKEN = true }\n");
        keytool("-genkeypair", "-alias", "carol", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=Carol");
        assertThat(keytool("-list")).contains("carol, PrivateKeyEntry");
        keytool("-delete", "-alias", "carol");
        assertThat(keytool("-list")).contains("p256-a, PrivateKeyEntry").doesNotContain("carol");
    }

    private String keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(KEYTOOL.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore",
                "NONE",
                "-storetype",
                "PKCS11",
                "-addprovider",
                "SunPKCS11",
                "-providerarg",
                "tokend.cfg",
                "-protected"));
        return desk.succeeds(command.toArray(String[]::new));
    }
}
