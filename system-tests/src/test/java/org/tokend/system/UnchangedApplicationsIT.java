package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.system.ApplicationDesk.words;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

/**
 * Programs as Debian ships them use keys on the token, through the client module as Debian ships it. None of them sees a PIN,
 * and the person is asked once for all of them.
 */
@DisplayName("An application that knows PKCS#11 only")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class UnchangedApplicationsIT {
    private static final String MODULE = ApplicationDesk.clientModule().toString();
    private static final String RSA = ApplicationDesk.uri(TestKey.RSA_2048_A, "private");
    private static final String EC = ApplicationDesk.uri(TestKey.P256_A, "private");

    @TempDir
    static Path directory;

    private ApplicationDesk desk;
    private int usesBefore;

    @BeforeAll
    void start() throws Exception {
        desk = new ApplicationDesk(directory);
        for (String key : List.of("rsa-2048-a", "p256-a")) {
            desk.succeeds("openssl", "x509", "-in", key + ".pem", "-noout", "-pubkey", "-out", key + ".pub");
        }
        desk.succeeds(words("openssl cms -encrypt -binary -aes256 -in letter -outform DER -out secret rsa-2048-a.pem"));
        desk.succeeds("certutil", "-N", "-d", "sql:.", "--empty-password");
        desk.succeeds("modutil", "-force", "-dbdir", "sql:.", "-add", "tokend", "-libfile", MODULE);
        desk.succeeds("certutil", "-A", "-d", "sql:.", "-n", "root", "-t", "C,C,C", "-i", "root.pem");
        desk.succeeds("certutil", "-A", "-d", "sql:.", "-n", "issuing", "-t", ",,", "-i", "issuing.pem");
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    @BeforeEach
    void count() {
        usesBefore = desk.uses().size();
    }

    /** The audit has one record for each use of a private key since the test began, with the program that asked. */
    private void assertUsed(String program, int times) {
        List<String> uses = desk.uses();
        assertThat(uses.subList(usesBefore, uses.size()))
                .as("uses in the audit")
                .hasSize(times)
                .allSatisfy(use -> assertThat(use).endsWith(program));
    }

    private void assertVerifies(String key, String signature) throws Exception {
        desk.succeeds("openssl", "dgst", "-sha256", "-verify", key + ".pub", "-signature", signature, "letter");
    }

    @Test
    @DisplayName("GnuTLS: p11tool lists and signs")
    void p11tool() throws Exception {
        String listed = desk.succeeds("p11tool", "--provider", MODULE, "--login", "--list-all", ApplicationDesk.CARD);
        assertThat(listed).contains("Private key (RSA-2048)", "Private key (EC/ECDSA-SECP256R1)", "X.509 Certificate");
        assertThat(desk.succeeds("p11tool", "--provider", MODULE, "--list-tokens"))
                .contains("token=card", "External PIN");
        for (String key : List.of(RSA, EC)) {
            CommandResult tested = desk.run("p11tool", "--provider", MODULE, "--login", "--test-sign", key);
            assertThat(tested.status()).as(tested.errors()).isZero();
            assertThat(tested.errors()).contains("Verifying against public key in the token... ok");
        }
        assertUsed("/p11tool", 2);
    }

    @Test
    @DisplayName("OpenSC: pkcs11-tool lists, signs and decrypts")
    void pkcs11Tool() throws Exception {
        assertThat(desk.succeeds("pkcs11-tool", "--module", MODULE, "--list-slots"))
                .contains("card", "PIN pad present");
        assertThat(desk.succeeds("pkcs11-tool", "--module", MODULE, "--login", "--list-objects"))
                .contains("Private Key Object; RSA", "Private Key Object; EC", "Certificate Object");
        pkcs11Tool(
                "--sign", "--id", id(TestKey.RSA_2048_A), "-m", "SHA256-RSA-PKCS", "-i", "letter", "-o", "signature");
        assertVerifies("rsa-2048-a", "signature");
        desk.succeeds("openssl", "dgst", "-sha256", "-binary", "-out", "digest", "letter");
        pkcs11Tool(
                "--sign",
                "--id",
                id(TestKey.P256_A),
                "-m",
                "ECDSA",
                "-f",
                "openssl",
                "-i",
                "digest",
                "-o",
                "signature");
        assertVerifies("p256-a", "signature");
        desk.succeeds(words("openssl pkeyutl -encrypt -pubin -inkey rsa-2048-a.pub -in letter -out block"));
        pkcs11Tool("--decrypt", "--id", id(TestKey.RSA_2048_A), "-m", "RSA-PKCS", "-i", "block", "-o", "plain");
        assertThat(desk.file("plain")).hasContent("Dear Bob\n");
        assertUsed("/pkcs11-tool", 3);
    }

    private String pkcs11Tool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("pkcs11-tool", "--module", MODULE, "--login"));
        command.addAll(List.of(arguments));
        return desk.succeeds(command.toArray(String[]::new));
    }

    private String id(TestKey key) throws Exception {
        String listed =
                desk.succeeds("p11tool", "--provider", MODULE, "--list-all-certs", ApplicationDesk.uri(key, "cert"));
        return listed.lines()
                .filter(line -> line.strip().startsWith("ID:"))
                .findFirst()
                .orElseThrow()
                .replace("ID:", "")
                .replace(":", "")
                .strip();
    }

    @Test
    @DisplayName("OpenSC: pkcs11-tool --test finds nothing wrong")
    void pkcs11ToolTest() throws Exception {
        CommandResult tested = desk.run("pkcs11-tool", "--module", MODULE, "--login", "--test");
        assertThat(tested.output()).contains("No errors").doesNotContain("ERR");
        assertThat(tested.status()).as(tested.errors()).isZero();
    }

    @Test
    @DisplayName("NSS: certutil lists keys and certificates")
    void certutil() throws Exception {
        assertThat(desk.succeeds("certutil", "-K", "-d", "sql:.", "-h", "card")).contains("rsa-2048-a", "p256-a");
        assertThat(desk.succeeds("certutil", "-L", "-d", "sql:.", "-h", "all"))
                .containsPattern("card:rsa-2048-a +u,u,u")
                .containsPattern("card:p256-a +u,u,u");
        assertUsed("", 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = TestKey.class,
            names = {"RSA_2048_A", "P256_A"})
    @DisplayName("NSS: cmsutil signs a mail, as OpenSSL verifies it")
    void cmsutilSigns(TestKey key) throws Exception {
        desk.succeeds(words("cmsutil -S -d sql:. -N card:" + key.defaultLabel() + " -i letter -o signed -G"));
        String content =
                desk.succeeds(words("openssl cms -verify -inform DER -in signed -CAfile chain.pem -purpose any"));
        assertThat(content).isEqualTo("Dear Bob\n");
        assertUsed("/cmsutil", 1);
    }

    @Test
    @DisplayName("NSS: cmsutil decrypts what OpenSSL encrypted")
    void cmsutilDecrypts() throws Exception {
        assertThat(desk.succeeds("cmsutil", "-D", "-d", "sql:.", "-i", "secret"))
                .contains("Dear Bob\n");
        assertUsed("/cmsutil", 1);
    }

    private ProcessBuilder engine(String... command) {
        ProcessBuilder builder = desk.program(command);
        builder.environment().put("PKCS11_MODULE_PATH", MODULE);
        return builder;
    }

    @Test
    @DisplayName("OpenSSL's engine: dgst signs with RSA and EC")
    void opensslDigest() throws Exception {
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A)) {
            desk.succeeds(engine(words("openssl dgst -sha256 -engine pkcs11 -keyform engine -sign "
                    + ApplicationDesk.uri(key, "private") + " -out signature letter")));
            assertVerifies(key.defaultLabel(), "signature");
        }
        assertUsed("/openssl", 2);
    }

    @Test
    @DisplayName("OpenSSL's engine: cms signs and decrypts a mail")
    void opensslCms() throws Exception {
        desk.succeeds(engine(words("openssl cms -sign -engine pkcs11 -keyform engine -inkey " + RSA
                + " -signer rsa-2048-a.pem -in letter -out signed.eml")));
        desk.succeeds("openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "chain.pem", "-purpose", "any");
        String plain = desk.succeeds(engine(words("openssl cms -decrypt -engine pkcs11 -keyform engine -inkey " + RSA
                + " -recip rsa-2048-a.pem -inform DER -in secret")));
        assertThat(plain).isEqualTo("Dear Bob\n");
        assertUsed("/openssl", 2);
    }

    @ParameterizedTest
    @EnumSource(
            value = TestKey.class,
            names = {"RSA_2048_A", "P256_A"})
    @DisplayName("OpenSSL's engine: s_server has its key on the token")
    void opensslServer(TestKey key) throws Exception {
        String name = key.defaultLabel();
        try (LoopbackServer server = LoopbackServer.start(
                engine(words("openssl s_server -accept 127.0.0.1:0 -engine pkcs11 -keyform engine -key "
                        + ApplicationDesk.uri(key, "private") + " -cert " + name
                        + ".pem -cert_chain issuing.pem -www")),
                TlsServer.READY)) {
            String said = desk.succeeds(words(
                    "openssl s_client -connect 127.0.0.1:" + server.port() + " -CAfile root.pem -verify_return_error"));
            assertThat(said).contains("Verify return code: 0 (ok)", "CN = alice@example.org");
        }
        assertUsed("/openssl", 1);
    }

    @Test
    @DisplayName("curl shows a client certificate that is on the token")
    void curl() throws Exception {
        try (LoopbackServer server = TlsServer.start(desk.programs(), desk.ca(), "localhost")) {
            String page = desk.succeeds(
                    engine(words("curl --silent --show-error --cacert root.pem --engine pkcs11 --key-type ENG --key "
                            + RSA + " --cert-type ENG --cert " + ApplicationDesk.uri(TestKey.RSA_2048_A, "cert")
                            + " --resolve localhost:" + server.port() + ":127.0.0.1 https://localhost:" + server.port()
                            + "/")));
            assertThat(page).contains("Client certificate", "CN=alice@example.org");
        }
        assertUsed("/curl", 1);
    }

    @Test
    @DisplayName("OpenSSH: ssh-keygen lists the keys, and ssh logs in with each, asked by -I and by its configuration")
    void ssh() throws Exception {
        String keys = desk.succeeds("ssh-keygen", "-D", MODULE);
        assertThat(keys).contains("ssh-rsa ", "ecdsa-sha2-nistp256 ");
        assertUsed("", 0);
        try (SshServer server = SshServer.start(desk.programs(), keys)) {
            assertThat(desk.succeeds(server.login("-I", MODULE, "-o", "PubkeyAcceptedAlgorithms=rsa-sha2-256")))
                    .isEqualTo("logged in\n");
            assertThat(desk.succeeds(server.login("-I", MODULE, "-o", "PubkeyAcceptedAlgorithms=ecdsa-sha2-nistp256")))
                    .isEqualTo("logged in\n");
            assertThat(desk.succeeds(server.login("-o", "PKCS11Provider=" + MODULE)))
                    .isEqualTo("logged in\n");
            assertThat(server.log()).contains("Accepted publickey", "RSA SHA256:", "ECDSA SHA256:");
        }
        assertUsed("/ssh", 3);
    }

    @Test
    @DisplayName("OpenSSH and git: the agent signs a file and a commit")
    void sshSignatures() throws Exception {
        String key = desk.succeeds("ssh-keygen", "-D", MODULE)
                .lines()
                .filter(line -> line.startsWith("ecdsa"))
                .findFirst()
                .orElseThrow();
        Files.writeString(desk.file("token.pub"), key + "\n");
        Files.writeString(desk.file("signers"), "alice@example.org " + key + "\n");
        // ssh-add insists on a PIN. tokend throws it away and asks for the real one itself.
        ProcessBuilder agent = desk.program("ssh-agent", "sh", "-e", "-c", """
                ssh-add -q -s "$0"
                ssh-keygen -q -Y sign -n file -f token.pub letter
                git init -q repository && cd repository
                git config user.name Alice && git config user.email alice@example.org
                git config gpg.format ssh && git config user.signingkey ../token.pub
                git config gpg.ssh.allowedSignersFile ../signers
                git commit -q -S --allow-empty -m first
                git verify-commit HEAD 2>&1
                """, MODULE);
        agent.environment()
                .put(
                        "SSH_ASKPASS",
                        desk.programs().script("ask", "echo anything").toString());
        agent.environment().put("SSH_ASKPASS_REQUIRE", "force");
        assertThat(desk.succeeds(agent)).contains("Good \"git\" signature for alice@example.org");
        ProcessBuilder verification =
                desk.program(words("ssh-keygen -Y verify -f signers -I alice@example.org -n file -s letter.sig"));
        assertThat(desk.succeeds(verification.redirectInput(desk.file("letter").toFile())))
                .contains("Good \"file\" signature");
        assertUsed("/ssh-pkcs11-helper", 2);
    }

    @Test
    @DisplayName("Java: a program with SunPKCS11 reads the key store, signs, decrypts, and talks TLS")
    void java() throws Exception {
        Files.writeString(desk.file("pkcs11.cfg"), "name = tokend\nlibrary = " + MODULE + "\nslotListIndex = 0\n");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String said = desk.succeeds(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                SunPkcs11Program.class.getName(),
                desk.file("pkcs11.cfg").toString(),
                "root.pem");
        assertThat(said.lines())
                .contains(
                        "alias rsa-2048-a",
                        "alias p256-a",
                        "SHA256withRSA true",
                        "SHA256withECDSA true",
                        "decrypted Dear Bob");
        assertThat(said).contains("TLSv1.3 heard Dear Bob from CN=alice@example.org");
        assertUsed("/java", 5);
    }

    @Test
    @DisplayName("GnuPG: gpgsm signs and decrypts through gnupg-pkcs11-scd")
    void gpgsm() throws Exception {
        try (GnupgHome gnupg = new GnupgHome(desk.programs())) {
            gnupg.gpgsm("--import", "root.pem", "issuing.pem", "rsa-2048-a.pem");
            gnupg.gpgsm("--learn-card");
            assertThat(gnupg.gpgsm("--list-secret-keys")).contains("alice@example.org");
            gnupg.gpgsm("--local-user", "alice@example.org", "--output", "gpgsm.der", "--sign", "letter");
            gnupg.gpgsm("--verify", "gpgsm.der");
            assertThat(gnupg.gpgsm("--decrypt", "secret")).isEqualTo("Dear Bob\n");
            assertUsed("/gnupg-pkcs11-scd", 2);
            // gnupg-pkcs11-scd 0.10 puts a zero before a signature whose first bit is set; gpgsm takes that, OpenSSL
            // does not.
            CommandResult openssl =
                    desk.run(words("openssl cms -verify -inform DER -in gpgsm.der -CAfile chain.pem -purpose any"));
            assertThat(openssl.status())
                    .as("OpenSSL refuses exactly the signatures that are a byte too long")
                    .isEqualTo(gnupg.signatureLength("gpgsm.der") == 256 ? 0 : 4);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    @DisplayName("All of them together: the person is asked for the PIN once, and the token is logged in to once")
    void onePrompt() {
        assertThat(desk.pinentry().pinRequests()).isEqualTo(1);
        assertThat(desk.module().pinTags())
                .containsExactly(desk.module().tagOf(desk.token().pin()));
    }
}
