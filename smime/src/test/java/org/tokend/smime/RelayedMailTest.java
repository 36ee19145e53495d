package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.MessageVerifier.Verdict;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignerResult.Status;
import org.tokend.smime.mime.HeaderProtection;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.Openssl;
import org.tokend.smime.testing.Relay;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("A signed mail that goes through a server with bad habits")
class RelayedMailTest {

    private static final String HEADER = """
            From: Alice <alice@example.org>
            To: Bob <bob@example.org>, Carol <carol@example.org>, Dave <dave@example.org>, Erin <erin@example.org>
            Subject: A subject that is much longer than one line of a header may be, so that every server wraps it anew
            Date: Sat, 21 Nov 2026 12:00:00 +0000
            MIME-Version: 1.0
            """;

    private static final Map<String, String> CONTENTS = Map.of(
            "text of eight bits",
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGrüße aus Köln\n",
            "blanks at line ends",
            "Content-Type: text/plain\n\nRegards,\n-- \nAlice \t\n",
            "a line that begins with From",
            "Content-Type: text/plain\n\nFrom now on we meet at noon.\n",
            "a long line",
            "Content-Type: text/plain\n\n" + "long ".repeat(500) + "\n",
            "parts within parts",
            "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/alternative; boundary=in\n\n"
                    + "--in\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n.Grüße \n"
                    + "--in\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<p>Grüße</p>\n"
                    + "--in--\n--out\nContent-Type: text/x-patch\n\n- old \n+ new\n\n--out--\n");

    private final TestCa ca = TestCa.create();
    private final SoftwareKeys keys = new SoftwareKeys();

    @TempDir
    Path directory;

    private Openssl openssl;
    private MessageVerifier verifier;

    @BeforeEach
    void prepare() throws Exception {
        X509Certificate alice = ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org");
        keys.add(TestKey.RSA_2048_A, alice);
        openssl = new Openssl(directory);
        openssl.write("alice.pem", TestCa.pem(alice));
        openssl.write("alice.key", TestKey.RSA_2048_A.pem());
        openssl.write("issuing.pem", TestCa.pem(ca.issuing()));
        openssl.write("root.pem", TestCa.pem(ca.root()));
        verifier = new MessageVerifier(
                MailTrust.ofRoots(
                        List.of(MailCertificate.of(ca.root().getEncoded()).orElseThrow()), Clock.systemUTC()),
                List.of(issuing()),
                directory);
    }

    private MailCertificate issuing() throws Exception {
        return MailCertificate.of(ca.issuing().getEncoded()).orElseThrow();
    }

    private Path signed(String content) throws Exception {
        Mail mail = Mail.read(Source.of((HEADER + content).getBytes(StandardCharsets.UTF_8)))
                .withSignedHeaders();
        Path signed = openssl.file("signed.eml");
        try (OutputStream out = Files.newOutputStream(signed)) {
            new MessageSigner(keys, Clock.systemUTC(), new SecureRandom())
                    .sign(
                            mail,
                            CertifiedKey.of(keys.list()).get(0),
                            new SigningOptions(false, null, List.of(issuing()), null),
                            out);
        }
        return signed;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text of eight bits",
                "blanks at line ends",
                "a line that begins with From",
                "a long line",
                "parts within parts"
            })
    @DisplayName(
            "is proven as before, with its header, if we signed it; OpenSSL agrees, and its own mail does not survive")
    void survives(String name) throws Exception {
        String content = CONTENTS.get(name);
        byte[] relayed = Relay.send(signed(Objects.requireNonNull(content)));
        assertThat(new String(relayed, StandardCharsets.ISO_8859_1))
                .startsWith("Return-Path: ")
                .contains("\r\n\t");
        try (VerifiedMail mail = verifier.verify(Source.of(relayed))) {
            assertThat(mail.verdict()).isEqualTo(Verdict.GOOD);
            HeaderProtection header = Objects.requireNonNull(mail.protection());
            assertThat(header.changes()).isEmpty();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            mail.writeTo(text);
            assertThat(text.toString(StandardCharsets.ISO_8859_1)).contains("much longer than one line");
        }
        Files.write(openssl.file("relayed.eml"), relayed);
        Openssl.Result agrees =
                openssl.run("cms", "-verify", "-in", "relayed.eml", "-CAfile", "root.pem", "-out", "text");
        assertThat(agrees.exitCode()).as(agrees.output()).isZero();

        openssl.write("content", content);
        openssl.run(
                "cms",
                "-sign",
                "-in",
                "content",
                "-signer",
                "alice.pem",
                "-inkey",
                "alice.key",
                "-from",
                "alice@example.org",
                "-out",
                "unhardened.eml");
        try (VerifiedMail mail = verifier.verify(Source.of(Relay.send(openssl.file("unhardened.eml"))))) {
            assertThat(mail.verdict()).isEqualTo(Verdict.BAD);
            assertThat(mail.signers())
                    .singleElement()
                    .satisfies(signer -> assertThat(signer.signature().status()).isEqualTo(Status.ALTERED));
        }
    }

    @Test
    @DisplayName("and that changes its subject is proven, and the change is named")
    void subject() throws Exception {
        String relayed =
                new String(Relay.send(signed("Content-Type: text/plain\n\nHello.\n")), StandardCharsets.ISO_8859_1);
        byte[] tagged =
                relayed.replaceFirst("Subject: ", "Subject: [EXTERNAL] ").getBytes(StandardCharsets.ISO_8859_1);
        try (VerifiedMail mail = verifier.verify(Source.of(tagged))) {
            assertThat(mail.verdict()).isEqualTo(Verdict.GOOD);
            assertThat(Objects.requireNonNull(mail.protection()).changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.received().get(0)).startsWith("[EXTERNAL] A subject"));
        }
    }
}
