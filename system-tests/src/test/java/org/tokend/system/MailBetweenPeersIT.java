package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

/** The matrix: what each peer writes is read here, what is written here each peer reads, or is known not to. */
@DisplayName("Between tokenctl and other mail programs,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailBetweenPeersIT {
    private static final String TEXT = "At noon, by the fountain?";

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A, TestKey.P256_A);
        peer(TestKey.RSA_2048_B, "bob@example.org");
        peer(TestKey.P256_B, "bob@example.org");
        Files.createDirectory(desk.file("nss"));
        desk.succeeds("certutil", "-N", "-d", "sql:nss", "--empty-password");
        desk.succeeds("certutil", "-A", "-d", "sql:nss", "-n", "root", "-t", ",C,", "-i", "root.pem");
        desk.succeeds("certutil", "-A", "-d", "sql:nss", "-n", "issuing", "-t", ",,", "-i", "issuing.pem");
        desk.succeeds(
                "openssl",
                "pkcs12",
                "-export",
                "-legacy",
                "-in",
                "RSA_2048_B.pem",
                "-inkey",
                "RSA_2048_B.key",
                "-name",
                "bob",
                "-passout",
                "pass:x",
                "-out",
                "bob.p12");
        desk.succeeds("pk12util", "-d", "sql:nss", "-i", "bob.p12", "-W", "x");
        desk.succeeds("certutil", "-A", "-d", "sql:nss", "-n", "alice", "-t", ",,", "-i", "RSA_2048_A.pem");
        gpgsm();
    }

    private void peer(TestKey key, String address) throws Exception {
        Files.writeString(desk.file(key + ".pem"), TestCa.pem(desk.ca().mail(key.publicKey(), address)));
        Files.writeString(
                desk.file(key + ".key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(key.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private void gpgsm() throws Exception {
        Path home = Files.createDirectory(desk.file("gnupg"));
        Files.setPosixFilePermissions(home, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        Files.writeString(home.resolve("gpgsm.conf"), "disable-crl-checks\nbatch\nno-tty\n");
        Files.writeString(home.resolve("gpg-agent.conf"), "allow-loopback-pinentry\n");
        desk.succeeds("openssl", "x509", "-in", "root.pem", "-noout", "-fingerprint", "-sha1", "-out", "root.fpr");
        Files.writeString(
                home.resolve("trustlist.txt"),
                Files.readString(desk.file("root.fpr")).replaceAll(".*=", "").trim() + " S relax\n");
        gpgsmRuns("--import", "root.pem", "issuing.pem", "RSA_2048_A.pem", "P256_A.pem");
        gpgsmRuns("--pinentry-mode", "loopback", "--passphrase-fd", "0", "--import", "bob.p12");
    }

    private CommandResult gpgsm(String arguments) throws Exception {
        return desk.run("sh", "-c", "echo x | gpgsm --homedir gnupg " + arguments);
    }

    private void gpgsmRuns(String... arguments) throws Exception {
        CommandResult result = gpgsm(String.join(" ", arguments));
        assertThat(result.status()).as("%s%s", result.output(), result.errors()).isZero();
    }

    @AfterAll
    void stop() throws Exception {
        desk.run("gpgconf", "--homedir", "gnupg", "--kill", "all");
        desk.close();
    }

    private String read(String name) throws Exception {
        return Files.readString(desk.file(name), StandardCharsets.ISO_8859_1);
    }

    private CommandResult nssDecrypts() throws Exception {
        return desk.run("cmsutil", "-D", "-d", "sql:nss", "-i", "secret.p7m", "-o", "plain.nss");
    }

    private CommandResult gpgsmDecrypts() throws Exception {
        return gpgsm("--yes --pinentry-mode loopback --passphrase-fd 0 --output plain.gpgsm --decrypt secret.p7m");
    }

    private void encryptToBob(String key, String cipher, String... more) throws Exception {
        desk.encrypt(key, cipher, more);
        assertThat(read("secret.eml")).doesNotContain(TEXT);
        String mail = read("secret.eml");
        Files.write(desk.file("secret.p7m"), Base64.getMimeDecoder().decode(mail.substring(mail.indexOf("\n\n") + 2)));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048_B,aes-256-cbc",
        "RSA_2048_B,aes-128-cbc",
        "RSA_2048_B,aes-256-gcm",
        "P256_B,aes-256-cbc",
        "P256_B,aes-256-gcm"
    })
    @DisplayName("OpenSSL reads what we encrypt")
    void opensslReads(String key, String cipher) throws Exception {
        encryptToBob(key, cipher);
        desk.succeeds(
                "openssl",
                "cms",
                "-decrypt",
                "-in",
                "secret.eml",
                "-recip",
                key + ".pem",
                "-inkey",
                key + ".key",
                "-out",
                "plain");
        assertThat(read("plain")).contains(TEXT);
    }

    @ParameterizedTest
    @CsvSource({"RSA_2048_B,aes-256-cbc,true", "RSA_2048_B,aes-128-cbc,true", "RSA_2048_B,aes-256-gcm,false"})
    @DisplayName("NSS and gpgsm read CBC, and cannot read GCM, which is why we do not send it unasked")
    void nssAndGpgsmRead(String key, String cipher, boolean can) throws Exception {
        encryptToBob(key, cipher);
        CommandResult nss = nssDecrypts();
        CommandResult gpgsm = gpgsmDecrypts();
        assertThat(nss.status() == 0).as(nss.errors()).isEqualTo(can);
        assertThat(gpgsm.status() == 0).as(gpgsm.errors()).isEqualTo(can);
        if (can) {
            assertThat(read("plain.nss")).contains(TEXT);
            assertThat(read("plain.gpgsm")).contains(TEXT);
        }
    }

    /** NSS holds the EC key and answers BAD_DER all the same; gpgsm 2.2 cannot even be given one. Recorded, not skipped. */
    @Test
    @DisplayName(
            "NSS and gpgsm cannot read mail to EC keys; with an RSA key beside them gpgsm can, and NSS still cannot")
    void nssAndGpgsmDoNotReadAgreedKeys() throws Exception {
        desk.succeeds(
                "openssl",
                "pkcs12",
                "-export",
                "-legacy",
                "-in",
                "P256_B.pem",
                "-inkey",
                "P256_B.key",
                "-name",
                "bob-ec",
                "-passout",
                "pass:x",
                "-out",
                "bob-ec.p12");
        desk.succeeds("pk12util", "-d", "sql:nss", "-i", "bob-ec.p12", "-W", "x");
        encryptToBob("P256_B", "aes-256-cbc");
        assertThat(nssDecrypts().status()).isNotZero();
        assertThat(gpgsmDecrypts().status()).isNotZero();
        Files.writeString(
                desk.file("carol.pem"), TestCa.pem(desk.ca().mail(TestKey.P384.publicKey(), "carol@example.org")));
        encryptToBob(
                "RSA_2048_B",
                "aes-256-cbc",
                "--recipient-cert",
                "carol.pem",
                "--to",
                "carol@example.org",
                "--to",
                "bob@example.org");
        assertThat(nssDecrypts().status()).isNotZero();
        CommandResult gpgsm = gpgsmDecrypts();
        assertThat(gpgsm.status()).as(gpgsm.errors()).isZero();
        assertThat(read("plain.gpgsm")).contains(TEXT);
    }

    @Test
    @DisplayName("NSS and gpgsm write mail that the token decrypts")
    void nssAndGpgsmWrite() throws Exception {
        desk.succeeds("cmsutil", "-E", "-d", "sql:nss", "-r", "alice@example.org", "-i", "mail.eml", "-o", "from.nss");
        gpgsmRuns("--yes --output from.gpgsm --recipient alice@example.org --encrypt mail.eml");
        for (String name : List.of("from.nss", "from.gpgsm")) {
            desk.tokenctlSucceeds("smime", "decrypt", name, "-o", "plain");
            assertThat(desk.file("plain")).hasSameBinaryContentAs(desk.file("mail.eml"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA_2048_B", "P256_B"})
    @DisplayName("we verify what OpenSSL signs, clear and opaque")
    void verifyOpenssl(String key) throws Exception {
        for (String form : List.of("-md sha256", "-nodetach -md sha512", "-keyid", "-noattr")) {
            List<String> command = new ArrayList<>(List.of(
                    "openssl",
                    "cms",
                    "-sign",
                    "-in",
                    "mail.eml",
                    "-signer",
                    key + ".pem",
                    "-inkey",
                    key + ".key",
                    "-certfile",
                    "issuing.pem",
                    "-from",
                    "Bob <bob@example.org>",
                    "-out",
                    "signed.eml"));
            command.addAll(List.of(form.split(" ")));
            desk.succeeds(command.toArray(String[]::new));
            CommandResult verified =
                    desk.tokenctl("smime", "verify", "signed.eml", "--anchors", "root.pem", "--json", "-o", "content");
            assertThat(verified.status())
                    .as(verified.output() + verified.errors())
                    .isZero();
            assertThat(verified.output()).contains("\"verdict\":\"good\"").contains("bob@example.org");
            assertThat(read("content")).contains(TEXT);
        }
    }

    @Test
    @DisplayName("we verify what NSS and gpgsm sign")
    void verifyNssAndGpgsm() throws Exception {
        desk.succeeds(
                "cmsutil", "-S", "-d", "sql:nss", "-N", "bob", "-H", "SHA256", "-G", "-i", "mail.eml", "-o", "n.p7m");
        gpgsmRuns("--yes --pinentry-mode loopback --passphrase-fd 0 -u bob@example.org --output g.p7m --sign mail.eml");
        for (String name : List.of("n.p7m", "g.p7m")) {
            CommandResult verified = desk.tokenctl(
                    "smime", "verify", name, "--anchors", "root.pem", "--untrusted", "issuing.pem", "-o", "content");
            assertThat(verified.status())
                    .as(verified.output() + verified.errors())
                    .isZero();
            assertThat(verified.output()).contains("signature: good").contains("trust: trusted");
            assertThat(desk.file("content")).hasSameBinaryContentAs(desk.file("mail.eml"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-2048-a", "p256-a"})
    @DisplayName("gpgsm verifies what we sign with RSA and EC keys on a token")
    void gpgsmVerifies(String key) throws Exception {
        desk.tokenctlSucceeds("smime", "sign", "--opaque", "--key", key, "mail.eml", "-o", "opaque.eml");
        String mail = read("opaque.eml");
        Files.write(desk.file("opaque.p7m"), Base64.getMimeDecoder().decode(mail.substring(mail.indexOf("\n\n") + 2)));
        CommandResult verified = gpgsm("--verify opaque.p7m");
        assertThat(verified.errors()).contains("Good signature");
    }

    @Test
    @DisplayName("nobody is asked for a PIN to verify or to encrypt")
    void noPrompt() throws Exception {
        int before = desk.pinentry().pinRequests();
        encryptToBob("RSA_2048_B", "aes-256-cbc");
        desk.run("true");
        assertThat(desk.pinentry().pinRequests()).isEqualTo(before);
    }
}
