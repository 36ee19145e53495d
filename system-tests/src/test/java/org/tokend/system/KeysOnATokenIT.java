package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.PinentryPrompt;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** The passphrase of every file is the token's PIN, so that the scripted person has one answer. */
@Timeout(180)
@DisplayName("A key on a token")
class KeysOnATokenIT {
    @TempDir
    Path directory;

    private final SoftHsmToken token = SoftHsmToken.create("card");
    private final ScriptedPinentry pinentry =
            ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin())).alwaysConfirm(PinentryAnswer.ok());
    private DaemonFixture daemon;

    @BeforeEach
    void start() {
        daemon = DaemonFixture.start(token, pinentry);
    }

    @AfterEach
    void stop() {
        daemon.close();
        pinentry.close();
        token.close();
    }

    private String tokenctl(String... arguments) {
        CommandResult result = daemon.tokenctl(arguments);
        assertThat(result.status()).as(result.errors()).isZero();
        return result.output();
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private String pass() {
        return "pass:" + new String(token.pin());
    }

    /** @return the certificate's file */
    private X509Certificate issue(TestKey key, TestCa ca) throws IOException {
        X509Certificate certificate = ca.mail(key.publicKey(), "alice@example.org");
        Files.writeString(directory.resolve("key.pem"), key.pem());
        Files.writeString(directory.resolve("certificate.pem"), TestCa.pem(certificate));
        Files.writeString(directory.resolve("issuing.pem"), TestCa.pem(ca.issuing()));
        return certificate;
    }

    private void pkcs12ByOpenssl(String name, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "pkcs12",
                "-export",
                "-inkey",
                "key.pem",
                "-in",
                "certificate.pem",
                "-certfile",
                "issuing.pem",
                "-name",
                "Alice",
                "-passout",
                pass(),
                "-out",
                name));
        command.addAll(List.of(more));
        run(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-2048", "p-256", "p-384", "p-521", "ed25519"})
    @DisplayName("is made there, never leaves it, signs, and asks a CA for its certificate")
    void generated(String type) throws Exception {
        assertThat(tokenctl("key", "generate", "--type", type, "--label", "office"))
                .contains("office");
        assertThat(tokenctl("key", "show", "office"))
                .contains("SENSITIVE=true EXTRACTABLE=false ALWAYS_SENSITIVE=true NEVER_EXTRACTABLE=true LOCAL=true")
                .contains("made on the token");
        tokenctl(
                "key",
                "request",
                "office",
                "--subject",
                "CN=Alice,O=Example",
                "--email",
                "alice@example.org",
                "--use",
                type.equals("ed25519") ? "SIGN" : "BOTH",
                "--out",
                file("office.csr"));
        assertThat(run("openssl", "req", "-in", "office.csr", "-verify", "-noout", "-text"))
                .contains("verify OK")
                .contains("email:alice@example.org")
                .contains("E-mail Protection");
        CommandResult export = daemon.tokenctl("key", "export", "office", "--out", file("office.p12"));
        assertThat(export.status()).isNotZero();
        assertThat(directory.resolve("office.p12")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA_2048_A", "P256_A", "ED25519"})
    @DisplayName("comes from a PKCS#12 file of OpenSSL, with its chain, and is kept from leaving again")
    void imported(String name) throws Exception {
        TestCa ca = TestCa.create();
        issue(TestKey.valueOf(name), ca);
        pkcs12ByOpenssl("alice.p12");
        assertThat(tokenctl("key", "import", file("alice.p12")))
                .contains("Alice")
                .contains("alice@example.org");
        assertThat(tokenctl("key", "show", "Alice"))
                .contains("imported, not token-born")
                .contains("SENSITIVE=true EXTRACTABLE=false");
        Files.writeString(directory.resolve("root.pem"), TestCa.pem(ca.root()));
        Files.writeString(directory.resolve("mail.eml"), "From: alice@example.org\r\nSubject: x\r\n\r\nhello\r\n");
        tokenctl("smime", "sign", file("mail.eml"), "--out", file("signed.eml"));
        if (!name.equals("ED25519")) { // OpenSSL 3.0 cannot verify Ed25519 in CMS.
            run("openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "root.pem", "-out", "verified.txt");
        }
        CommandResult again = daemon.tokenctl("key", "import", file("alice.p12"));
        assertThat(again.status()).isEqualTo(73);
        assertThat(again.errors()).contains("holds this key already");
    }

    @Test
    @DisplayName("moves into a file and on to nowhere else: written, read back and proved before it goes")
    void moved() throws Exception {
        issue(TestKey.RSA_2048_A, TestCa.create());
        pkcs12ByOpenssl("alice.p12");
        tokenctl("key", "import", "--extractable", file("alice.p12"));
        tokenctl("key", "export", "Alice", "--out", file("modern.p12"));
        tokenctl("key", "export", "Alice", "--legacy", "--out", file("legacy.p12"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("modern.p12"))))
                .isEqualTo("rw-------");
        assertThat(run("openssl", "pkcs12", "-in", "modern.p12", "-nodes", "-passin", pass()))
                .contains("PRIVATE KEY");
        assertThat(run("openssl", "pkcs12", "-legacy", "-in", "legacy.p12", "-nodes", "-passin", pass()))
                .contains("PRIVATE KEY");
        Files.writeString(directory.resolve("passphrase"), new String(token.pin()));
        run("certutil", "-N", "-d", "sql:" + directory, "--empty-password");
        assertThat(run("pk12util", "-i", "modern.p12", "-d", "sql:" + directory, "-w", "passphrase"))
                .contains("SUCCESSFUL");
        assertThat(daemon.tokenctl("key", "export", "Alice", "--out", file("modern.p12"))
                        .status())
                .as("a key file is not overwritten")
                .isEqualTo(73);

        tokenctl("key", "export", "Alice", "--then-delete", "--out", file("moved.p12"));
        assertThat(tokenctl("keys")).doesNotContain("Alice");
        tokenctl("key", "import", file("moved.p12"));
        assertThat(tokenctl("keys")).contains("Alice");
    }

    @Test
    @DisplayName("stays where it is when the person says no, and the audit tells")
    void refused() throws Exception {
        pinentry.confirm(PinentryAnswer.notConfirmed());
        CommandResult refused = daemon.tokenctl("key", "generate", "--label", "no");
        assertThat(refused.status()).isEqualTo(77);
        assertThat(tokenctl("keys")).doesNotContain("no ");
        assertThat(daemon.audit()).contains("\"event\":\"generate_key\"").contains("PromptCancelled");
    }

    @Test
    @DisplayName("is not lost when the one who moves it is killed before the file is proved")
    void killedInTheMiddle() throws Exception {
        issue(TestKey.P256_A, TestCa.create());
        pkcs12ByOpenssl("alice.p12");
        tokenctl("key", "import", "--extractable", file("alice.p12"));
        int before = pinentry.pinRequests();
        // The use of the key is confirmed, and a new passphrase asked for twice; then comes the one that opens the file
        // again.
        pinentry.answer(
                PinentryAnswer.pin(token.pin()),
                PinentryAnswer.pin(token.pin()),
                PinentryAnswer.pin(token.pin()).held());
        ProcessBuilder moving = new ProcessBuilder(
                Path.of(System.getProperty("tokend.home"), "bin/tokenctl").toString(),
                "key",
                "export",
                "Alice",
                "--then-delete",
                "--out",
                file("moved.p12"));
        moving.environment().putAll(daemon.environment());
        Process tokenctl = moving.redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> pinentry.pinRequests() == before + 3);
        PinentryPrompt prompt = pinentry.prompts().getLast();
        tokenctl.destroyForcibly().waitFor();
        prompt.release();
        pinentry.awaitIdle();
        assertThat(run("openssl", "pkcs12", "-in", "moved.p12", "-nodes", "-passin", pass()))
                .contains("PRIVATE KEY");
    }
}
