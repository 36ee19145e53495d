package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@Timeout(180)
@DisplayName("A certificate alone, as a CA sends it back,")
class CertificateForAKeyIT {
    private static final String LABEL = "made in the office";

    @TempDir
    Path directory;

    private final TestCa ca = TestCa.create();
    private final SoftHsmToken token = SoftHsmToken.create("card");
    private final ScriptedPinentry pinentry =
            ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin())).alwaysConfirm(PinentryAnswer.ok());
    private DaemonFixture daemon;

    @BeforeEach
    void start() throws Exception {
        token.importKey(TestKey.RSA_2048_A.keyPair(), LABEL);
        write("answer.pem", TestCa.pem(ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org"), ca.issuing()));
        write("other.pem", TestCa.pem(ca.mail(TestKey.RSA_2048_B.publicKey(), "alice@example.org"), ca.issuing()));
        write("issuing.pem", TestCa.pem(ca.issuing()));
        write("root.pem", TestCa.pem(ca.root()));
        write("mail.eml", "From: alice@example.org\r\nSubject: x\r\n\r\nhello\r\n");
        daemon = DaemonFixture.start(token, pinentry);
    }

    @AfterEach
    void stop() {
        daemon.close();
        pinentry.close();
        token.close();
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    /** A program that loads the module itself, so that nothing of tokend's is between. */
    private String succeeds(String... command) throws Exception {
        Programs programs = new Programs(
                directory,
                Map.of(
                        "PATH",
                        System.getenv("PATH"),
                        "HOME",
                        directory.toString(),
                        "SOFTHSM2_CONF",
                        token.configuration().toString()));
        return programs.succeeds(command);
    }

    @Test
    @DisplayName("finds its key by the public half, and the key signs mail by it; other programs see the pair")
    void besideItsKey() throws Exception {
        CommandResult stored = daemon.tokenctl("key", "certificate", file("answer.pem"));
        assertThat(stored.status()).as(stored.errors()).isZero();
        assertThat(stored.output()).contains(LABEL, "alice@example.org");
        assertThat(daemon.audit()).contains("\"event\":\"import_certificates\"");
        CommandResult signed = daemon.tokenctl("smime", "sign", file("mail.eml"), "--out", file("signed.eml"));
        assertThat(signed.status()).as(signed.errors()).isZero();
        succeeds("openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "root.pem", "-out", "verified.txt");

        String id = HexFormat.of().formatHex(LABEL.getBytes(StandardCharsets.UTF_8));
        String module = token.modulePath().toString();
        List<String> objects = List.of(succeeds("pkcs11-tool", "--module", module, "-O", "--type", "cert")
                .split("Certificate Object", -1));
        assertThat(objects).anySatisfy(each -> assertThat(each).contains(LABEL).contains(id));
        Files.createDirectory(directory.resolve("nss"));
        succeeds("certutil", "-N", "-d", "sql:nss", "--empty-password");
        succeeds("modutil", "-force", "-dbdir", "sql:nss", "-add", "card", "-libfile", module);
        write("pin", new String(token.pin()));
        assertThat(succeeds("certutil", "-L", "-d", "sql:nss", "-h", "card", "-f", "pin"))
                .containsPattern("card:" + LABEL + " +u,u,u");
    }

    @Test
    @DisplayName("is refused, and nothing stored, where no key is its own, and where the token has it already")
    void refused() {
        CommandResult foreign = daemon.tokenctl("key", "certificate", file("other.pem"));
        assertThat(foreign.status()).isEqualTo(66);
        assertThat(foreign.errors()).contains("No key on the token", "issued for another key");
        CommandResult authority = daemon.tokenctl("key", "certificate", file("issuing.pem"));
        assertThat(authority.status()).isEqualTo(65);
        assertThat(authority.errors()).contains("CAs only", "certs import");
        assertThat(daemon.tokenctl("keys", "--json").output()).contains("\"certificates\":[]");

        assertThat(daemon.tokenctl("key", "certificate", file("answer.pem")).status())
                .isZero();
        CommandResult again = daemon.tokenctl("key", "certificate", file("answer.pem"));
        assertThat(again.status()).isEqualTo(73);
        assertThat(again.errors()).contains("holds the certificate already", "nothing was changed");
    }

    @Test
    @DisplayName("goes onto the token only if the person says so")
    void confirmed() {
        pinentry.confirm(PinentryAnswer.notConfirmed());
        assertThat(daemon.tokenctl("key", "certificate", file("answer.pem")).status())
                .isEqualTo(77);
        assertThat(daemon.tokenctl("keys", "--json").output()).contains("\"certificates\":[]");
    }
}
