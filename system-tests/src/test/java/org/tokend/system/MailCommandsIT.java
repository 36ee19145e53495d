package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("A person who reads and writes mail with tokenctl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailCommandsIT {

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A);
        Files.writeString(
                desk.file("bob.pem"), TestCa.pem(desk.ca().mail(TestKey.P256_B.publicKey(), "bob@example.org")));
        Files.writeString(
                desk.file("alice.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(TestKey.RSA_2048_A.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        desk.tokenctlSucceeds("smime", "sign", "mail.eml", "-o", "signed.eml");
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    private String read(String name) throws Exception {
        return Files.readString(desk.file(name), StandardCharsets.UTF_8);
    }

    private CommandResult verify(String... arguments) throws Exception {
        return desk.tokenctl(Stream.concat(Stream.of("smime", "verify"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    @Test
    @DisplayName("is told who signed, and by exit code whether all of it is proven")
    void verdicts() throws Exception {
        assertThat(verify("signed.eml", "--anchors", "root.pem", "--explain"))
                .satisfies(good -> assertThat(good.status()).as(good.output()).isZero())
                .satisfies(good ->
                        assertThat(good.output()).contains("alice@example.org").contains("Test Root CA"));
        CommandResult untrusted = verify("signed.eml", "-o", "shown");
        assertThat(untrusted.status()).isEqualTo(1);
        assertThat(untrusted.output())
                .contains("not proven")
                .contains("Test Root CA")
                .contains("next:");
        assertThat(read("shown")).contains("At noon");
        Files.writeString(
                desk.file("other.eml"), read("signed.eml").replaceFirst("From: Alice <alice@", "From: Bob <bob@"));
        CommandResult differs = verify("other.eml", "--anchors", "root.pem");
        assertThat(differs.status()).isEqualTo(1);
        assertThat(differs.output()).contains("DIFFERS").contains("bob@example.org");
        Files.writeString(desk.file("bad.eml"), read("signed.eml").replace("fountain", "mountain"));
        CommandResult bad = verify("bad.eml", "--anchors", "root.pem", "-o", "hidden");
        assertThat(bad.status()).isEqualTo(65);
        assertThat(bad.output()).contains("altered");
        assertThat(desk.file("hidden")).doesNotExist();
    }

    @Test
    @DisplayName("gets the same verdict on what is inside an encrypted mail as on what is not encrypted")
    void sameVerdictInside() throws Exception {
        Files.writeString(desk.file("moved.eml"), read("signed.eml").replace("fountain", "mountain"));
        for (String[] each : new String[][] {
            {"signed.eml", "root.pem", "good"},
            {"signed.eml", "bob.pem", "not-proven"},
            {"moved.eml", "root.pem", "bad"}
        }) {
            String verdict = "\"verdict\":\"" + each[2] + "\"";
            CommandResult outside = verify(each[0], "--anchors", each[1], "--json");
            desk.succeeds("openssl", "cms", "-encrypt", "-in", each[0], "-out", "wrapped.eml", "RSA_2048_A.pem");
            CommandResult inside = desk.tokenctl(
                    "smime", "decrypt", "--unwrap", "wrapped.eml", "--anchors", each[1], "--json", "-o", "inside.txt");
            assertThat(outside.output()).contains(verdict);
            assertThat(inside.output()).contains(verdict);
            assertThat(inside.status()).isEqualTo(outside.status());
        }
    }

    @Test
    @DisplayName("encrypts to everybody, or to nobody: no file, no line in plain, a reason for each recipient")
    void allOrNobody() throws Exception {
        CommandResult refused = desk.tokenctl(
                "smime",
                "encrypt",
                "mail.eml",
                "--to",
                "bob@example.org",
                "--to",
                "carol@example.org",
                "--recipient-cert",
                "bob.pem",
                "--anchors",
                "root.pem",
                "-o",
                "secret.eml");
        assertThat(refused.status()).isEqualTo(77);
        assertThat(refused.errors()).contains("carol@example.org: missing").doesNotContain("bob@example.org:");
        assertThat(refused.output()).isEmpty();
        assertThat(desk.file("secret.eml")).doesNotExist();
        CommandResult untrusted = desk.tokenctl("smime", "encrypt", "mail.eml", "--recipient-cert", "bob.pem");
        assertThat(untrusted.status()).isEqualTo(77);
        assertThat(untrusted.output()).isEmpty();
        assertThat(untrusted.errors()).contains("bob@example.org: untrusted").contains("alice@example.org: untrusted");
    }

    @Test
    @DisplayName("keeps the certificate from a signed mail, answers encrypted and signed, and reads it back in one go")
    void roundTrip() throws Exception {
        CommandResult kept = verify("signed.eml", "--anchors", "root.pem", "--harvest", "--recipients", "people");
        assertThat(kept.errors()).contains("kept");
        Files.writeString(
                desk.file("note.eml"), "From: alice@example.org\nTo: alice@example.org\n\nRemember the cake.\n");
        desk.tokenctlSucceeds(
                "smime",
                "encrypt",
                "--sign",
                "note.eml",
                "--recipients",
                "people",
                "--anchors",
                "root.pem",
                "-o",
                "note.p7m");
        assertThat(read("note.p7m")).doesNotContain("cake");
        CommandResult read = desk.tokenctl(
                "smime", "decrypt", "--unwrap", "note.p7m", "--anchors", "root.pem", "--json", "-o", "note.txt");
        assertThat(read.status()).as(read.output() + read.errors()).isZero();
        assertThat(read.output()).contains("\"proven\":true").contains("\"cipher\":\"AES-256-CBC\"");
        assertThat(read("note.txt")).contains("Remember the cake.");
        CommandResult opened = desk.tokenctl("smime", "decrypt", "note.p7m", "-o", "signed-note.eml");
        assertThat(opened.status()).isZero();
        assertThat(read("signed-note.eml")).contains("multipart/signed");
    }

    @Test
    @DisplayName(
            "harvests proven senders from signed mails, is told what they read, and keeps nothing of any other mail")
    void harvest() throws Exception {
        Files.writeString(
                desk.file("not-hers.eml"), read("signed.eml").replaceFirst("From: Alice <alice@", "From: Bob <bob@"));
        Files.writeString(desk.file("changed.eml"), read("signed.eml").replace("fountain", "mountain"));
        CommandResult refused =
                harvest("--anchors", "root.pem", "mail.eml", "not-hers.eml", "changed.eml", "nowhere.eml");
        assertThat(refused.status()).isEqualTo(66);
        assertThat(refused.output())
                .containsPattern("mail.eml +UNREADABLE")
                .containsPattern(
                        "not-hers.eml +FROM_DIFFERS +the signer, who is alice@example.org, wrote another From than bob@")
                .containsPattern("changed.eml +BAD_SIGNATURE")
                .containsPattern("nowhere.eml +UNREADABLE +cannot read nowhere.eml: it does not exist");
        assertThat(harvest("--anchors", "root.pem", "not-hers.eml").status()).isEqualTo(1);
        assertThat(harvest("--anchors", "root.pem", "mail.eml").status()).isEqualTo(65);
        CommandResult untrusted = harvest("signed.eml");
        assertThat(untrusted.status()).isEqualTo(1);
        assertThat(untrusted.output()).contains("NOT_TRUSTED", "Test Root CA");
        assertThat(desk.file("harvested")).doesNotExist();
        assertThat(capabilities("alice@example.org").status()).isEqualTo(66);

        CommandResult kept = harvest("--anchors", "root.pem", "signed.eml");
        assertThat(kept.status()).as(kept.output()).isZero();
        assertThat(kept.output()).containsPattern("signed.eml +KEPT ");
        CommandResult known = capabilities("Alice@example.org");
        assertThat(known.status()).as(known.errors()).isZero();
        assertThat(known.output())
                .containsPattern("reads +AES-128-CBC, AES-192-CBC, AES-256-CBC")
                .containsPattern("known from +said in a signed mail")
                .containsPattern("said +20\\d\\d-.*Z, by the sender's clock")
                .containsPattern("kept +from a signed mail, 20\\d\\d-")
                .containsPattern("is written +AES-256-CBC");
        desk.tokenctlSucceeds("recipients", "add", "RSA_2048_A.pem", "--recipients", "harvested");
        assertThat(capabilities("alice@example.org").output()).isEqualTo(known.output());
        desk.tokenctlSucceeds(
                "recipients", "check", "alice@example.org", "--recipients", "harvested", "--anchors", "root.pem");
    }

    private CommandResult harvest(String... arguments) throws Exception {
        return desk.tokenctl(
                Stream.concat(Stream.of("recipients", "harvest", "--recipients", "harvested"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private CommandResult capabilities(String who) throws Exception {
        return desk.tokenctl("recipients", "capabilities", who, "--recipients", "harvested");
    }

    @Test
    @DisplayName("signs the subject too, hides it from strangers, and is told when somebody changed it")
    void header() throws Exception {
        Files.writeString(
                desk.file("renamed.eml"), read("signed.eml").replaceFirst("Subject: Lunch", "Subject: Dinner"));
        CommandResult renamed = verify("renamed.eml", "--anchors", "root.pem");
        assertThat(renamed.status()).as(renamed.output()).isZero();
        assertThat(renamed.output())
                .contains("subject: Lunch")
                .contains("CHANGED on the way: Subject was sent as \"Lunch\", and is outside \"Dinner\"");
        String[] encrypt = {
            "smime", "encrypt", "mail.eml", "--to", "alice@example.org", "--anchors", "root.pem", "-o", "hidden.p7m"
        };
        desk.tokenctlSucceeds(encrypt);
        assertThat(read("hidden.p7m")).contains("Subject: [...]").doesNotContain("Lunch");
        CommandResult opened =
                desk.tokenctl("smime", "decrypt", "--json", "--with-headers", "hidden.p7m", "-o", "shown.eml");
        assertThat(opened.output()).contains("\"headerProtection\":\"cipher\",\"subject\":\"Lunch\"");
        assertThat(read("shown.eml")).contains("Subject: Lunch").doesNotContain("\nSubject: [...]");
        desk.succeeds("openssl", "cms", "-decrypt", "-in", "hidden.p7m", "-inkey", "alice.key", "-out", "openssl.txt");
        assertThat(read("openssl.txt")).contains("\nSubject: Lunch").contains("At noon");
        desk.tokenctlSucceeds("profile", "set", "plain", "--header-protection", "off");
        desk.tokenctlSucceeds(Stream.concat(Stream.of(encrypt), Stream.of("--profile", "plain"))
                .toArray(String[]::new));
        assertThat(read("hidden.p7m")).contains("Subject: Lunch");
    }

    @Test
    @DisplayName("reads a mail that was signed, encrypted and signed again")
    void tripleWrap() throws Exception {
        desk.tokenctlSucceeds(
                "smime",
                "encrypt",
                "--sign",
                "mail.eml",
                "--to",
                "alice@example.org",
                "--anchors",
                "root.pem",
                "-o",
                "two.eml");
        desk.tokenctlSucceeds("smime", "sign", "two.eml", "-o", "three.eml");
        CommandResult read = desk.tokenctl(
                "smime", "decrypt", "--unwrap", "three.eml", "--anchors", "root.pem", "--json", "-o", "one.txt");
        assertThat(read.status()).as(read.output() + read.errors()).isZero();
        assertThat(read.output().split("\"kind\"", -1)).hasSize(4);
        assertThat(read("one.txt")).contains("At noon, by the fountain?");
    }

    @Test
    @DisplayName("is told that an encrypted mail which nobody signed is from nobody, and that CBC shows no changes")
    void unsigned() throws Exception {
        desk.succeeds(
                "openssl", "cms", "-encrypt", "-aes-256-cbc", "-in", "mail.eml", "-out", "cbc.eml", "RSA_2048_A.pem");
        CommandResult read = desk.tokenctl("smime", "decrypt", "--unwrap", "cbc.eml", "-o", "cbc.txt");
        assertThat(read.status()).isEqualTo(1);
        assertThat(read.errors()).contains("nothing says who wrote this").contains("not authenticated");
        assertThat(read("cbc.txt")).contains("At noon");
    }
}
