package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("The commands about certificates")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateCommandsIT {

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A);
        Files.writeString(desk.file("other-root.pem"), TestCa.pem(TestCa.other().root()));
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    /** With a home of its own, so that nothing of the machine's owner counts. */
    private CommandResult tokenctl(Path home, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("env", "-u", "XDG_CONFIG_HOME", "-u", "XDG_DATA_HOME", "-u", "XDG_CACHE_HOME", "HOME=" + home));
        command.add(Path.of(System.getProperty("tokend.home"), "bin", "tokenctl")
                .toRealPath()
                .toString());
        command.addAll(List.of(arguments));
        return desk.run(command, desk.daemon().environment());
    }

    private String file(String name) {
        return desk.file(name).toString();
    }

    @Test
    @DisplayName("list what each is made for, and hand one out without a private key; nobody is asked for a PIN")
    void listAndExport(@TempDir Path home) throws Exception {
        int before = desk.pinentry().prompts().size();
        CommandResult list = tokenctl(home, "certs", "list", "--purpose", "sign,encrypt");
        assertThat(list.output()).contains("dual").contains("alice@example.org");
        assertThat(tokenctl(home, "certs", "export", "alice@example.org", "--out", file("given.pem"))
                        .status())
                .isZero();
        String given = Files.readString(desk.file("given.pem"));
        assertThat(given).containsOnlyOnce("BEGIN CERTIFICATE").doesNotContain("PRIVATE");
        assertThat(given).isEqualTo(Files.readString(desk.file("RSA_2048_A.pem")));
        assertThat(tokenctl(home, "certs", "chain", "alice@example.org", "--pem", "--out", file("chain.p7b"))
                        .status())
                .isZero();
        desk.succeeds("openssl", "pkcs7", "-in", "chain.p7b", "-print_certs", "-out", "chain.pem");
        assertThat(Files.readString(desk.file("chain.pem")).split("BEGIN CERTIFICATE", -1))
                .hasSize(3);
        assertThat(desk.pinentry().prompts()).hasSize(before);
    }

    @Test
    @DisplayName("trust a root only with its fingerprint; then the same recipient who was refused is fine")
    void trust(@TempDir Path home) throws Exception {
        assertThat(tokenctl(home, "certs", "import", file("issuing.pem")).status())
                .isZero();
        assertThat(tokenctl(home, "recipients", "add", file("RSA_2048_A.pem"), "--email", "bob@example.org")
                        .errors())
                .contains("ADDRESS_MISMATCH", "alice@example.org", "bob@example.org");
        assertThat(tokenctl(home, "recipients", "add", file("RSA_2048_A.pem")).status())
                .isZero();

        CommandResult before = tokenctl(home, "recipients", "check", "alice@example.org", "nobody@example.org");
        assertThat(before.status()).isEqualTo(1);
        assertThat(before.output()).contains("UNTRUSTED", "Test Root CA", "MISSING");
        CommandResult doctor = tokenctl(home, "doctor", "chain", file("RSA_2048_A.pem"));
        assertThat(doctor.status()).isNotZero();
        assertThat(doctor.output()).contains("CHAIN_GAP", "Test Root CA");

        String fingerprint = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(desk.ca().root().getEncoded()));
        CommandResult without = tokenctl(home, "trust", "add", file("root.pem"));
        assertThat(without.status()).isEqualTo(64);
        assertThat(without.errors()).contains("sha256:" + fingerprint);
        CommandResult wrong = tokenctl(home, "trust", "add", file("root.pem"), "--fingerprint", "00" + fingerprint);
        assertThat(wrong.status()).isEqualTo(65);
        assertThat(wrong.errors()).contains("FINGERPRINT_DIFFERS");
        assertThat(tokenctl(home, "trust", "check", file("root.pem")).output()).startsWith("UNTRUSTED");
        assertThat(tokenctl(home, "trust", "add", file("root.pem"), "--fingerprint", fingerprint)
                        .status())
                .isZero();

        assertThat(tokenctl(home, "trust", "check", file("root.pem")).output()).startsWith("TRUSTED");
        CommandResult after = tokenctl(home, "recipients", "check", "alice@example.org");
        assertThat(after.status()).as(after.output()).isZero();
        CommandResult healthy = tokenctl(home, "doctor", "chain", file("RSA_2048_A.pem"));
        assertThat(healthy.status()).as(healthy.output()).isZero();
        assertThat(healthy.output()).contains("TRUSTED", "level 0 revocation");

        assertThat(tokenctl(home, "trust", "remove", "sha256:" + fingerprint).status())
                .isZero();
        assertThat(tokenctl(home, "recipients", "check", "alice@example.org").status())
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "encrypt by a profile: one's own copy to the certificate it names, with its cipher; show says whether it can be used")
    void encryptByProfile(@TempDir Path home) throws Exception {
        String newer = TestCa.pem(desk.ca().mail(TestKey.RSA_2048_B.publicKey(), "alice@example.org"));
        Files.writeString(desk.file("newer.pem"), newer);
        assertThat(tokenctl(
                                home,
                                "profile",
                                "set",
                                "work",
                                "--encrypt",
                                "rsa-2048-a",
                                "--cipher",
                                "aes-128-cbc",
                                "--header-protection",
                                "off")
                        .status())
                .isZero();
        CommandResult shown = tokenctl(home, "profile", "show", "work");
        assertThat(shown.status()).isZero();
        assertThat(shown.output())
                .contains("cipher: AES-128-CBC", "header protection: off", "usable: yes", "alice@example.org");
        CommandResult encrypted = tokenctl(
                home,
                "smime",
                "encrypt",
                "--profile",
                "work",
                "--to",
                "alice@example.org",
                "--recipient-cert",
                file("newer.pem"),
                "--anchors",
                file("root.pem"),
                "--json",
                "--out",
                file("own.p7m"),
                file("mail.eml"));
        assertThat(encrypted.status()).as(encrypted.errors()).isZero();
        String fingerprint = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(Base64.getMimeDecoder()
                                .decode(Files.readString(desk.file("RSA_2048_A.pem"))
                                        .replaceAll("-----.*-----", ""))));
        assertThat(encrypted.output()).contains("AES-128-CBC", "\"recipients\":[\"sha256:" + fingerprint + "\"]");
        assertThat(Files.readString(desk.file("own.p7m"))).contains("Subject: Lunch");
        assertThat(tokenctl(home, "smime", "decrypt", file("own.p7m"), "--out", file("own.txt"))
                        .status())
                .isZero();
        assertThat(tokenctl(home, "profile", "show", "nobody").errors()).contains("PROFILE_MISSING");
    }

    @Test
    @DisplayName("look at everything that mail needs: each certificate, each level, each address, each layer of trust")
    void doctors(@TempDir Path home) throws Exception {
        int before = desk.pinentry().prompts().size();
        assertThat(tokenctl(home, "profile", "set", "work", "--sign", "rsa-2048-a")
                        .status())
                .isZero();
        CommandResult mail = tokenctl(home, "doctor", "mail", "--anchors", file("root.pem"));
        assertThat(mail.status()).as(mail.output()).isZero();
        assertThat(mail.output())
                .contains("1 of 1 certificates on the tokens can be used to sign now")
                .containsPattern("ok +own sha256:[0-9a-f]{8} path +TRUSTED")
                .containsPattern("own sha256:[0-9a-f]{8} level 2 ")
                .containsPattern("warning +own sha256:[0-9a-f]{8} level 0 revocation")
                .containsPattern("ok +profile work +can be used now");
        CommandResult stranger = tokenctl(home, "doctor", "mail");
        assertThat(stranger.output()).containsPattern("warning +own sha256:[0-9a-f]{8} path +UNTRUSTED_ROOT|CHAIN_GAP");
        CommandResult trust = tokenctl(home, "doctor", "trust", "--json");
        assertThat(trust.status()).as(trust.output()).isZero();
        assertThat(trust.output()).contains("layer system", "layer machine", "layer user", "setting revocation");
        assertThat(desk.pinentry().prompts()).hasSize(before);
    }

    @Test
    @DisplayName(
            "say side by side who trusts a certificate, and what one side lacks; OpenSSL with the same files agrees")
    void sides(@TempDir Path home) throws Exception {
        String fingerprint = "sha256:"
                + HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(desk.ca().root().getEncoded()));
        tokenctl(home, "trust", "add", file("root.pem"), "--fingerprint", fingerprint);
        Path server = Files.copy(desk.file("other-root.pem"), desk.file("server.pem"));
        Path partner = Files.createDirectories(desk.file("partner"));
        Files.copy(desk.file("root.pem"), partner.resolve("root.pem"));
        String[] look = {
            "doctor",
            "trust",
            file("RSA_2048_A.pem"),
            "--untrusted",
            file("issuing.pem"),
            "--side",
            "server=" + server,
            "--side",
            "partner=" + partner
        };
        CommandResult before = tokenctl(home, look);
        assertThat(before.status()).as(before.output()).isEqualTo(69);
        assertThat(before.output())
                .containsPattern("ok +alice@example.org for mail +TRUSTED")
                .containsPattern("warning +alice@example.org for system +UNTRUSTED_ROOT|CHAIN_GAP")
                .containsPattern(
                        "FAILED +alice@example.org for server .*it lacks the root .*Test Root CA, " + fingerprint)
                .containsPattern("ok +alice@example.org for partner +TRUSTED");
        assertThat(opensslTrusts(server, "-untrusted", "issuing.pem")).isFalse();
        Files.copy(desk.file("root.pem"), server, StandardCopyOption.REPLACE_EXISTING);
        CommandResult after = tokenctl(home, look);
        assertThat(after.status()).as(after.output()).isZero();
        assertThat(opensslTrusts(server, "-untrusted", "issuing.pem")).isTrue();
        Files.copy(desk.file("issuing.pem"), partner.resolve("issuing.pem"));
        CommandResult alone = tokenctl(
                home,
                "doctor",
                "trust",
                file("RSA_2048_A.pem"),
                "--side",
                "server=" + server,
                "--side",
                "partner=" + partner);
        assertThat(alone.output())
                .containsPattern(
                        "FAILED +alice@example.org for server +CHAIN_GAP.*it lacks the CA between .*Test Issuing CA")
                .containsPattern("ok +alice@example.org for partner +TRUSTED");
        assertThat(opensslTrusts(server)).isFalse();
    }

    private boolean opensslTrusts(Path side, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl", "verify", "-CAfile", side.toString()));
        command.addAll(List.of(more));
        command.add("RSA_2048_A.pem");
        return desk.run(command.toArray(String[]::new)).status() == 0;
    }

    @Test
    @DisplayName("never sign by a certificate that a list on this machine says was revoked")
    void revoked(@TempDir Path home) throws Exception {
        Path trusted = Files.createDirectories(home.resolve(".config/tokend/trust"));
        Files.copy(desk.file("root.pem"), trusted.resolve("root.pem"));
        Path lists = Files.createDirectories(home.resolve(".config/tokend/crls"));
        assertThat(tokenctl(home, "smime", "sign", file("mail.eml"), "--out", file("signed.eml"))
                        .status())
                .isZero();
        Files.write(lists.resolve("issuing.crl"), desk.crlThatRevokes("RSA_2048_A.pem"));
        Files.deleteIfExists(desk.file("signed.eml"));
        CommandResult refused = tokenctl(home, "smime", "sign", file("mail.eml"), "--out", file("signed.eml"));
        assertThat(refused.status()).isNotZero();
        assertThat(refused.errors()).contains("revoked", "ask your CA for a new one");
        assertThat(desk.file("signed.eml")).doesNotExist();
    }

    @Test
    @DisplayName("keep a profile by which a mail is signed, and refuse one that cannot be used")
    void profile(@TempDir Path home) throws Exception {
        assertThat(tokenctl(
                                home,
                                "profile",
                                "set",
                                "work",
                                "--sign",
                                "alice@example.org",
                                "--algorithm",
                                "rsa-pss-sha256")
                        .status())
                .isZero();
        assertThat(tokenctl(home, "profile", "list").output()).contains("work", "rsa-pss-sha256");
        CommandResult signed =
                tokenctl(home, "smime", "sign", "--profile", "work", file("mail.eml"), "--out", file("signed.eml"));
        assertThat(signed.status()).as(signed.errors()).isZero();
        desk.succeeds("openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "root.pem", "-out", "verified.txt");
        assertThat(tokenctl(home, "smime", "sign", "--profile", "home", file("mail.eml"))
                        .errors())
                .contains("PROFILE_MISSING");
        assertThat(tokenctl(home, "profile", "delete", "work").status()).isZero();
    }
}
