package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@Timeout(240)
@DisplayName("A CA whose key is on a token")
class CertificateAuthorityIT {
    private static final String NAME = "first certificates of 2027";

    @TempDir
    Path directory;

    private final SoftHsmToken token = SoftHsmToken.create("ca card");
    private final ScriptedPinentry pinentry =
            ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin())).alwaysConfirm(PinentryAnswer.ok());
    private DaemonFixture daemon;

    @BeforeEach
    void start() {
        token.importKey(TestKey.P256_A.keyPair(), "root");
        token.importKey(TestKey.P256_B.keyPair(), "mail");
        daemon = DaemonFixture.builder()
                .token(token)
                .pinentry(pinentry)
                .tables("[[key]]\nkey = \"pkcs11:object=root\"\nrole = \"ca\"")
                .start();
    }

    @AfterEach
    void stop() {
        daemon.close();
        pinentry.close();
        token.close();
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private CommandResult tokenctl(String... arguments) {
        CommandResult result = daemon.tokenctl(arguments);
        assertThat(result.status()).as(result.errors()).isZero();
        return result;
    }

    private void refused(int status, String why, String... arguments) {
        CommandResult result = daemon.tokenctl(arguments);
        assertThat(result.status()).as(result.errors()).isEqualTo(status);
        assertThat(result.errors()).contains(why);
    }

    private Programs programs() {
        return new Programs(directory, Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString()));
    }

    private String openssl(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return programs().succeeds(command);
    }

    /** alice.key and alice.csr. */
    private void request(String... key) throws Exception {
        openssl(
                key[0],
                key[1],
                key[2],
                key[3],
                "-nodes",
                "-keyout",
                "alice.key",
                "-subj",
                "/CN=Alice/O=Example",
                "-addext",
                "subjectAltName=email:alice@example.org",
                "-out",
                "alice.csr");
    }

    private void root() {
        tokenctl("ca", "open", "root", "--occasion", NAME, "--for", "1h");
        tokenctl("ca", "root", "root", "--subject", "CN=Example Root,O=Example", "--out", file("root.pem"));
        tokenctl("key", "certificate", file("root.pem"));
    }

    private void issue() {
        tokenctl(
                "ca",
                "issue",
                "root",
                file("alice.csr"),
                "--email",
                "alice@example.org",
                "--crl-url",
                "http://ca.example.org/root.crl",
                "--out",
                file("alice.pem"));
    }

    @Test
    @DisplayName(
            "issues certificates and revocation lists that OpenSSL accepts, for RSA and EC keys, and each is on record")
    void issues() throws Exception {
        root();
        request("req", "-new", "-newkey", "rsa:2048");
        issue();
        openssl("verify", "-purpose", "smimesign", "-x509_strict", "-CAfile", "root.pem", "alice.pem");
        assertThat(openssl("x509", "-in", "alice.pem", "-noout", "-text"))
                .contains("email:alice@example.org", "E-mail Protection", "Digital Signature, Key Encipherment")
                .contains("URI:http://ca.example.org/root.crl", "X509v3 Authority Key Identifier");

        tokenctl("ca", "crl", "root", "--out", file("first.crl"));
        openssl("verify", "-crl_check", "-CAfile", "root.pem", "-CRLfile", "first.crl", "alice.pem");
        refused(73, "begins anew", "ca", "crl", "root", "--out", file("first.crl"));
        tokenctl(
                "ca",
                "crl",
                "root",
                "--previous",
                file("first.crl"),
                "--revoke",
                file("alice.pem"),
                "--why",
                "KEY_COMPROMISE",
                "--out",
                file("second.crl"));
        assertThat(openssl("crl", "-in", "second.crl", "-CAfile", "root.pem", "-noout", "-text"))
                .contains("Key Compromise")
                .containsPattern("X509v3 CRL Number: \n +2\n");
        CommandResult revoked = programs()
                .run(programs()
                        .program(
                                "openssl",
                                "verify",
                                "-crl_check",
                                "-CAfile",
                                "root.pem",
                                "-CRLfile",
                                "second.crl",
                                "alice.pem"));
        assertThat(revoked.status()).isNotZero();
        assertThat(revoked.output() + revoked.errors()).contains("certificate revoked");

        tokenctl("ca", "close", "root");
        assertThat(daemon.audit().lines())
                .anySatisfy(line -> assertThat(line)
                        .contains("\"event\":\"open_occasion\"", NAME)
                        .contains("until="))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"event\":\"issue_certificate\"", NAME, "CN=Alice")
                        .containsPattern("sha256=[0-9a-f]{64}"))
                .anySatisfy(line -> assertThat(line).contains("\"event\":\"issue_crl\"", "revocation list 2"))
                .anySatisfy(line ->
                        assertThat(line).contains("\"event\":\"close_occasion\"", NAME, "certificates=2 lists=2"));
    }

    @Test
    @DisplayName("has a CA below it, whose people are accepted with the root alone")
    void below() throws Exception {
        root();
        openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "issuing.key",
                "-subj",
                "/CN=Example Issuing CA",
                "-out",
                "issuing.csr");
        tokenctl("ca", "issue", "root", file("issuing.csr"), "--authority", "--out", file("issuing.pem"));
        assertThat(openssl("x509", "-in", "issuing.pem", "-noout", "-text"))
                .contains("CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign");
        openssl("verify", "-x509_strict", "-CAfile", "root.pem", "issuing.pem");
    }

    @Test
    @DisplayName("signs nothing but certificates and lists, on occasions alone, and for nobody who is not the CA")
    void nothingElse() throws Exception {
        request("req", "-new", "-newkey", "rsa:2048");
        refused(
                77,
                "no occasion is open",
                "ca",
                "root",
                "root",
                "--subject",
                "CN=Example Root",
                "--out",
                file("root.pem"));
        refused(77, "is no CA's", "ca", "open", "mail", "--occasion", NAME);
        assertThat(pinentry.prompts()).as("nobody is asked for what is refused").isEmpty();
        root();
        refused(77, "answers no plain digests", "sign", "--key", "root", file("alice.csr"));
        refused(77, "no occasion is open", "ca", "root", "mail", "--subject", "CN=Mail", "--out", file("mail.pem"));
        refused(77, "is open for the key", "ca", "open", "root", "--occasion", "another");
        refused(
                77,
                "ADDRESS_MISMATCH",
                "ca",
                "issue",
                "root",
                file("alice.csr"),
                "--email",
                "bob@example.org",
                "--out",
                file("alice.pem"));
        assertThat(directory.resolve("alice.pem")).doesNotExist();
        issue();

        tokenctl("ca", "close", "root");
        assertThat(tokenctl("tokens").output()).contains("locked").doesNotContain("unlocked");
        refused(
                77,
                "no occasion is open",
                "ca",
                "crl",
                "root",
                "--revoke",
                file("alice.pem"),
                "--out",
                file("list.crl"));
        assertThat(directory.resolve("list.crl")).doesNotExist();
    }

    @Test
    @DisplayName("is locked by itself when the time of an occasion is over")
    void over() {
        tokenctl("ca", "open", "root", "--occasion", NAME, "--for", "2s");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> daemon.audit().contains("certificates=0 lists=0, its time was over"));
        assertThat(tokenctl("tokens").output()).contains("locked").doesNotContain("unlocked");
    }

    @Test
    @DisplayName("opens no occasion if the person says no")
    void notConfirmed() {
        pinentry.confirm(PinentryAnswer.notConfirmed());
        refused(77, "", "ca", "open", "root", "--occasion", NAME);
        assertThat(pinentry.prompts().getFirst().description())
                .contains("sign certificates and revocation lists for 30 min")
                .contains(NAME);
        refused(77, "no occasion is open", "ca", "root", "root", "--subject", "CN=Example Root");
    }
}
