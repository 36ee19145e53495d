package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.MessageReader.OpenedMail;
import org.tokend.smime.MessageVerifier.Address;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignedDataWriter;
import org.tokend.smime.mime.HeaderField;
import org.tokend.smime.mime.HeaderProtection;
import org.tokend.smime.mime.HeaderProtection.Level;
import org.tokend.smime.mime.Headers;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.mime.SecureBody;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.Openssl;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("A mail with a protected header (RFC 9788)")
class HeaderProtectionTest {

    private static final String MAIL = """
            From: Alice <alice@example.org>
            To: Bob <bob@example.org>
            Bcc: carol@example.org
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_from?=
             the fair
            Date: Sat, 21 Nov 2026 03:00:00 +0000
            Keywords: merger
            Content-Type: text/plain; charset=utf-8

            See you at noon.

            The cake is in the fridge.
            """;

    private final TestCa ca = TestCa.create();
    private final SoftwareKeys keys = new SoftwareKeys();
    private final Clock clock = Clock.systemUTC();

    @TempDir
    Path directory;

    private Openssl openssl;
    private SignerTrust trust;
    private MailCertificate alice;

    @BeforeEach
    void prepare() throws Exception {
        keys.add(TestKey.RSA_2048_A, ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org"));
        alice = CertifiedKey.of(keys.list()).get(0).certificate();
        trust = MailTrust.ofRoots(
                List.of(
                        MailCertificate.of(ca.root().getEncoded()).orElseThrow(),
                        MailCertificate.of(ca.issuing().getEncoded()).orElseThrow()),
                clock);
        openssl = new Openssl(directory);
        openssl.write("roots.pem", TestCa.pem(ca.root()) + TestCa.pem(ca.issuing()));
    }

    private static Mail mail(String text) throws IOException {
        return Mail.read(Source.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String signed(Mail mail, boolean opaque) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MessageSigner(keys, clock, new SecureRandom())
                .sign(
                        mail,
                        CertifiedKey.of(keys.list()).get(0),
                        new SigningOptions(opaque, null, List.of(), null),
                        out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String encrypted(Mail mail, boolean sign) throws Exception {
        EncryptionPlan plan = EncryptionPlan.of(
                new EncryptionPlan.Wish(List.of("alice@example.org"), null, null),
                new EncryptionPlan.Known(List.of(alice), Map.of()),
                trust,
                clock);
        MessageEncryptor encryptor = new MessageEncryptor(new SecureRandom());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (sign) {
            SignedDataWriter.Content entity = new MessageSigner(keys, clock, new SecureRandom())
                    .entity(mail, CertifiedKey.of(keys.list()).get(0), SigningOptions.DEFAULT);
            encryptor.encrypt(mail, plan, entity, out);
        } else {
            encryptor.encrypt(mail, plan, out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private MessageVerifier verifier() {
        return new MessageVerifier(trust, List.of(), directory);
    }

    private VerifiedMail verify(String mail) throws IOException {
        return verifier().verify(Source.of(mail.getBytes(StandardCharsets.UTF_8)));
    }

    private OpenedMail open(String mail) throws IOException {
        return new MessageReader(keys, verifier(), directory).open(Source.of(mail.getBytes(StandardCharsets.UTF_8)));
    }

    private static HeaderProtection protection(VerifiedMail mail) {
        return Optional.ofNullable(mail.protection()).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("carries From, Subject and the others inside its signature, and OpenSSL reads it as before")
    void signed(boolean opaque) throws Exception {
        String signed = signed(mail(MAIL).withSignedHeaders(), opaque);
        try (VerifiedMail mail = verify(signed)) {
            assertThat(mail.isProven()).isTrue();
            assertThat(protection(mail).level()).isEqualTo(Level.CLEAR);
            assertThat(protection(mail).text("Subject")).hasValue("Grüße from the fair");
            assertThat(protection(mail).text("From")).hasValue("Alice <alice@example.org>");
            assertThat(protection(mail).text("Bcc")).isEmpty();
            assertThat(protection(mail).changes()).isEmpty();
        }
        Files.writeString(openssl.file("signed.eml"), signed);
        Openssl.Result result =
                openssl.run("cms", "-verify", "-in", "signed.eml", "-CAfile", "roots.pem", "-out", "content");
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Files.readString(openssl.file("content")))
                .contains("hp=\"clear\"")
                .contains("Keywords: merger")
                .contains("The cake is in the fridge.")
                .doesNotContain("carol");
    }

    @ParameterizedTest
    @CsvSource({
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_from?=, Subject: Pay at once, Subject, true",
        "Keywords: merger, Keywords: cancelled, Keywords, true",
        "Date: Sat, Date: Sun, Date, true",
        "From: Alice <alice@, From: Alice the Chief <alice@, From, true",
        "From: Alice <alice@, From: Chief <chief@, From, false",
        "To: Bob, Reply-To: mallory@example.net|To: Bob, Reply-To, true"
    })
    @DisplayName("names each field that was changed on its way, and is not proven when the sender outside is another")
    void tampered(String before, String after, String field, boolean proven) throws Exception {
        String signed = signed(mail(MAIL).withSignedHeaders(), false);
        int outer = signed.indexOf(before);
        String changed =
                signed.substring(0, outer) + after.replace("|", "\n") + signed.substring(outer + before.length());
        try (VerifiedMail mail = verify(changed)) {
            assertThat(mail.isSigned()).isTrue();
            assertThat(mail.isProven()).isEqualTo(proven);
            assertThat(protection(mail).changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.name()).isEqualTo(field));
            assertThat(mail.sender().addresses()).containsExactly("alice@example.org");
            assertThat(mail.signers().get(0).address()).isEqualTo(proven ? Address.MATCHES : Address.OUTER_DIFFERS);
        }
    }

    @Test
    @DisplayName("is bad when the header inside is changed, and then what it says is not used")
    void changedInside() throws Exception {
        String signed = signed(mail(MAIL).withSignedHeaders(), false);
        int inner = signed.lastIndexOf("Keywords: merger");
        String changed = signed.substring(0, inner) + "Keywords: sellout" + signed.substring(inner + 16);
        try (VerifiedMail mail = verify(changed)) {
            assertThat(mail.isBad()).isTrue();
            assertThat(mail.protection()).isNull();
        }
    }

    @Test
    @DisplayName("is not the sender's because a stranger signed a From of another inside")
    void strangersFrom() throws Exception {
        String signed = signed(mail(MAIL.replace("alice@", "chief@")).withSignedHeaders(), false)
                .replaceFirst("chief@", "alice@");
        try (VerifiedMail mail = verify(signed)) {
            assertThat(mail.isProven()).isFalse();
            assertThat(mail.signers().get(0).address()).isEqualTo(Address.DIFFERS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("shows strangers no subject when it is encrypted, and the recipients all of it")
    void encrypted(boolean sign) throws Exception {
        String encrypted = encrypted(mail(MAIL).withHiddenHeaders(), sign);
        assertThat(encrypted)
                .contains("Subject: [...]")
                .contains("From: Alice <alice@example.org>")
                .doesNotContain("fair")
                .doesNotContain("merger");
        try (OpenedMail opened = open(encrypted)) {
            HeaderProtection protection = opened.protection().orElseThrow();
            assertThat(protection.level()).isEqualTo(Level.CIPHER);
            assertThat(protection.text("Subject")).hasValue("Grüße from the fair");
            assertThat(protection.changes()).isEmpty();
            assertThat(opened.isProven()).isEqualTo(sign);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            opened.writeMail(out);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("HP-Outer: Subject: [...]")
                    .contains("Keywords: merger")
                    .doesNotContain("hp-legacy-display")
                    .endsWith("\r\n\r\nSee you at noon.\r\n\r\nThe cake is in the fridge.\r\n")
                    .containsOnlyOnce("From: Alice <alice@example.org>\r\nTo");
        }
        try (OpenedMail opened = open(encrypted.replace("Subject: [...]", "Subject: Win a prize"))) {
            assertThat(opened.protection().orElseThrow().changes())
                    .singleElement()
                    .isEqualTo(new HeaderProtection.Change("Subject", List.of("[...]"), List.of("Win a prize")));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            opened.writeMail(out);
            assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("prize");
        }
    }

    @Test
    @DisplayName("repeats its subject in the text for programs that know nothing of this, OpenSSL among them")
    void legacy() throws Exception {
        Files.writeString(openssl.file("secret.eml"), encrypted(mail(MAIL).withHiddenHeaders(), false));
        openssl.write("alice.pem", TestCa.pem(ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org")));
        openssl.write(
                "alice.key",
                "-----BEGIN PRIVATE KEY-----\n"
                        + java.util.Base64.getMimeEncoder()
                                .encodeToString(TestKey.RSA_2048_A.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Openssl.Result result =
                openssl.run("cms", "-decrypt", "-in", "secret.eml", "-inkey", "alice.key", "-out", "plain");
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Files.readString(openssl.file("plain")))
                .contains("hp=\"cipher\"")
                .contains("hp-legacy-display=\"1\"")
                .contains("\r\n\r\nSubject: Gr=C3=BC=C3=9Fe from the fair\r\nKeywords: merger\r\n\r\nSee you");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee you.\n--b--\n",
                "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nU2VlIHlvdS4K\n",
                "Content-Type: text/plain\n\nSee you.\n",
                "\nSee you.\n"
            })
    @DisplayName("keeps contents of other kinds as they are")
    void otherContents(String content) throws Exception {
        Mail mail = mail("From: alice@example.org\nTo: bob@example.org\nSubject: Grüße\n" + content)
                .withHiddenHeaders();
        try (OpenedMail opened = open(encrypted(mail, true))) {
            assertThat(opened.isProven()).isTrue();
            assertThat(opened.protection().orElseThrow().text("Subject")).hasValue("Grüße");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            opened.writeTo(out);
            String written = out.toString(StandardCharsets.UTF_8);
            assertThat(written.replace("\r\n", "\n"))
                    .endsWith(content.substring(content.indexOf("\n\n") + 2).trim() + "\n");
        }
    }

    @Test
    @DisplayName(
            "has no second one where the content is signed or encrypted already, and loses an old one when sent again")
    void layers() throws Exception {
        String encrypted = encrypted(mail(MAIL).withHiddenHeaders(), false);
        try (OpenedMail opened = open(signed(mail(encrypted).withSignedHeaders(), false))) {
            assertThat(opened.isProven()).isTrue();
            assertThat(opened.protection().orElseThrow().level()).isEqualTo(Level.CIPHER);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            opened.writeMail(out);
            String again = signed(mail(out.toString(StandardCharsets.UTF_8)).withSignedHeaders(), false);
            assertThat(again).doesNotContain("HP-Outer").doesNotContain("cipher");
            try (VerifiedMail mail = verify(again)) {
                assertThat(protection(mail).level()).isEqualTo(Level.CLEAR);
                assertThat(mail.isProven()).isTrue();
            }
        }
    }

    @Test
    @DisplayName(
            "in the older form that mutt writes is read for the fields that are there, and no word about the others")
    void olderForm() throws Exception {
        String inside = "Content-Type: text/plain; protected-headers=\"v1\"\r\nSubject: Lunch\r\n\r\nAt noon.\r\n";
        for (String[] each : new String[][] {{"Lunch", ""}, {"...", ""}, {"Dinner", "Dinner"}}) {
            Headers outer = SecureBody.headers(Source.of(("From: alice@example.org\r\nSubject: " + each[0] + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            HeaderProtection read = HeaderProtection.of(Source.of(inside.getBytes(StandardCharsets.US_ASCII)), outer)
                    .orElseThrow();
            assertThat(read.level()).isEqualTo(Level.PARTIAL);
            assertThat(read.text("Subject")).hasValue("Lunch");
            assertThat(read.changes().stream().map(HeaderProtection.Change::received))
                    .isEqualTo(each[1].isEmpty() ? List.of() : List.of(List.of(each[1])));
            assertThat(read.around(outer).fields())
                    .extracting(HeaderField::name)
                    .containsExactly("From");
        }
    }

    @Test
    @DisplayName("cannot be pretended: without the mark in the payload the fields inside are text like any other")
    void unmarked() throws Exception {
        String payload = "From: chief@example.org\r\nSubject: Pay\r\nContent-Type: text/plain\r\n\r\nNow.\r\n";
        assertThat(HeaderProtection.of(Source.of(payload.getBytes(StandardCharsets.US_ASCII)), Headers.NONE))
                .isEmpty();
    }
}
