package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.MessageVerifier.Address;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignatureException;
import org.tokend.smime.cms.SignerResult.Status;
import org.tokend.smime.mime.MalformedMailException;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.Openssl;

@DisplayName("A mail signed by OpenSSL")
class MessageVerifierTest {

    private static final String CONTENT = "Content-Type: text/plain\r\n\r\nPay Bob 10 euros.\r\n";

    private final TestCa ca = TestCa.create();

    @TempDir
    Path directory;

    private Openssl openssl;

    @BeforeEach
    void prepare() throws Exception {
        openssl = new Openssl(directory);
        openssl.write("content", CONTENT);
        openssl.write("issuing.pem", TestCa.pem(ca.issuing()));
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A)) {
            person(key, "alice@example.org");
        }
        person(TestKey.RSA_2048_B, "mallory@example.net");
    }

    private void person(TestKey key, String address) throws IOException {
        X509Certificate certificate = ca.mail(key.publicKey(), address);
        openssl.write(key + ".pem", TestCa.pem(certificate));
        openssl.write(
                key + ".key",
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(key.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private String sign(TestKey key, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "cms", "-sign", "-in", "content", "-signer", key + ".pem", "-inkey", key + ".key", "-out", "signed"));
        command.addAll(List.of("-certfile", "issuing.pem", "-from", "Alice <alice@example.org>"));
        command.addAll(List.of(options));
        Openssl.Result result = openssl.run(command.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.output()).isZero();
        return Files.readString(openssl.file("signed"), StandardCharsets.ISO_8859_1);
    }

    private VerifiedMail verify(String mail) throws IOException {
        return verifier().verify(Source.of(mail.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private MessageVerifier verifier() throws IOException {
        try {
            MailCertificate root = MailCertificate.of(ca.root().getEncoded()).orElseThrow();
            return new MessageVerifier(MailTrust.ofRoots(List.of(root), Clock.systemUTC()), List.of(), directory);
        } catch (java.security.cert.CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String content(VerifiedMail mail) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.writeTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RSA_2048_A -md sha256",
                "RSA_2048_A -md sha512",
                "RSA_2048_A -md sha3-256",
                "RSA_2048_A -md sha256 -keyopt rsa_padding_mode:pss",
                "RSA_2048_A -md sha384 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:max",
                "RSA_2048_A -keyid",
                "RSA_2048_A -noattr",
                "RSA_2048_A -cades",
                "RSA_2048_A -outform PEM -nodetach",
                "RSA_2048_A -outform DER -nodetach",
                "RSA_2048_A -nodetach -stream",
                "P256_A -md sha256",
                "P256_A -md sha384 -nodetach"
            })
    @DisplayName("is verified, whatever the algorithms and the form, and its content comes out to the byte")
    void verified(String line) throws Exception {
        String[] words = line.split(" ", 2);
        try (VerifiedMail mail = verify(sign(TestKey.valueOf(words[0]), words[1].split(" ")))) {
            assertThat(mail.signers()).singleElement().satisfies(signer -> {
                assertThat(signer.signature().status())
                        .as(signer.signature().detail())
                        .isEqualTo(Status.GOOD);

                TrustVerdict trust = Objects.requireNonNull(signer.trust());
                assertThat(trust.state()).as(trust.reason()).isEqualTo(TrustVerdict.Chain.TRUSTED);
            });
            assertThat(mail.isProven()).isTrue();
            assertThat(content(mail)).isEqualTo(CONTENT);
        }
    }

    @Test
    @DisplayName("by SHA-1 is read with a warning, by MD5 not at all")
    void oldDigests() throws Exception {
        try (VerifiedMail old = verify(sign(TestKey.RSA_2048_A, "-md", "sha1"));
                VerifiedMail broken = verify(sign(TestKey.RSA_2048_A, "-md", "md5"))) {
            assertThat(old.signers().get(0).signature().status()).isEqualTo(Status.GOOD_BUT_OLD);
            assertThat(broken.signers().get(0).signature().status()).isEqualTo(Status.BROKEN_ALGORITHM);
            assertThat(broken.isSigned()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sha512-256, 2.16.840.1.101.3.4.2.6",
        "ripemd160, RIPEMD160 (1.3.36.3.2.1)",
        "sha3-224, SHA3-224 (2.16.840.1.101.3.4.2.7)"
    })
    @DisplayName("by a digest that is not known here is said to be that, neither good nor bad, and its text is shown")
    void unknownDigests(String digest, String named) throws Exception {
        for (String form : List.of("-binary", "-nodetach")) {
            try (VerifiedMail mail = verify(
                    sign(TestKey.RSA_2048_A, form, "-md", digest, "-provider", "default", "-provider", "legacy"))) {
                assertThat(mail.signers()).singleElement().satisfies(signer -> {
                    assertThat(signer.signature().status()).isEqualTo(Status.UNSUPPORTED_DIGEST);
                    assertThat(signer.signature().detail()).contains(named, "SHA-256");
                    assertThat(signer.trust()).isNull();
                });
                assertThat(mail.isBad()).isFalse();
                assertThat(mail.isSigned()).isFalse();
                assertThat(content(mail)).isEqualTo(CONTENT);
            }
        }
    }

    @Test
    @DisplayName("and changed on the way is told apart from one with a forged signature")
    void alteredOrForged() throws Exception {
        String clear = sign(TestKey.RSA_2048_A);
        try (VerifiedMail mail = verify(clear.replace("10 euros", "99 euros"))) {
            assertThat(mail.signers().get(0).signature().status()).isEqualTo(Status.ALTERED);
            assertThat(mail.isBad()).isTrue();
        }
        byte[] der = Base64.getMimeDecoder()
                .decode(sign(TestKey.RSA_2048_A, "-nodetach", "-outform", "PEM").replaceAll("-----[A-Z ]+-----", ""));
        der[der.length - 5] ^= 1;
        try (VerifiedMail mail = verifier().verify(Source.of(der))) {
            assertThat(mail.signers().get(0).signature().status()).isEqualTo(Status.FORGED);
        }
    }

    @Test
    @DisplayName("by somebody else than its From says is signed, and not proven")
    void otherSender() throws Exception {
        try (VerifiedMail mail = verify(sign(TestKey.RSA_2048_B))) {
            assertThat(mail.signers().get(0).address()).isEqualTo(Address.DIFFERS);
            assertThat(mail.isSigned()).isTrue();
            assertThat(mail.isProven()).isFalse();
            assertThat(content(mail)).isEqualTo(CONTENT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: mallory@example.net\r\nFrom: alice@example.org\r\n",
                "From: \"alice@example.org\" <mallory@example.net>\r\n",
                "From: alice@example.org, mallory@example.net\r\n",
                "From: alice@example.org\r\nSender: mallory@example.net\r\n",
                "From: alice@example.org@example.net\r\n"
            })
    @DisplayName("is never proven where From can be read in two ways")
    void ambiguousFrom(String from) throws Exception {
        String mail =
                sign(TestKey.RSA_2048_A).replaceFirst("From: [^\n]*\n", java.util.regex.Matcher.quoteReplacement(from));
        try (VerifiedMail verified = verify(mail)) {
            assertThat(verified.isSigned()).isTrue();
            assertThat(verified.isProven()).isFalse();
        }
    }

    @Test
    @DisplayName("with a second signer shows both, and is proven only if both are the sender")
    void twoSigners() throws Exception {
        sign(TestKey.RSA_2048_A, "-nodetach", "-outform", "DER");
        assertThat(openssl.run(
                                "cms",
                                "-resign",
                                "-inform",
                                "DER",
                                "-in",
                                "signed",
                                "-nodetach",
                                "-outform",
                                "DER",
                                "-out",
                                "twice",
                                "-signer",
                                "RSA_2048_B.pem",
                                "-inkey",
                                "RSA_2048_B.key")
                        .exitCode())
                .isZero();
        try (VerifiedMail mail = verifier().verify(Source.of(openssl.file("twice")))) {
            assertThat(mail.signers())
                    .hasSize(2)
                    .allMatch(each -> each.signature().status().isGood());
            assertThat(mail.signers().stream()
                            .flatMap(each -> each.signature().signer().orElseThrow().addresses().stream()))
                    .containsExactlyInAnyOrder("alice@example.org", "mallory@example.net");
        }
    }

    @Test
    @DisplayName("and wrapped into another mail is not taken for signed")
    void wrapped() throws Exception {
        String inner = sign(TestKey.RSA_2048_A);
        String wrapped = "From: alice@example.org\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n"
                + "Content-Type: text/plain\r\n\r\nPay Mallory 99 euros.\r\n--out\r\n" + inner + "\r\n--out--\r\n";
        assertThatThrownBy(() -> verify(wrapped)).isInstanceOf(MalformedMailException.class);
    }

    @Test
    @DisplayName("with a third part, or without its signature, is refused with the reason")
    void otherParts() throws Exception {
        String mail = sign(TestKey.RSA_2048_A);
        String boundary = mail.substring(mail.indexOf("boundary=\"") + 10);
        String delimiter = "--" + boundary.substring(0, boundary.indexOf('"'));
        String third = mail.replace(delimiter + "--", delimiter + "\n\nPay Mallory.\n" + delimiter + "--");
        assertThatThrownBy(() -> verify(third)).hasMessageContaining("has more");
        String stripped = mail.substring(0, mail.lastIndexOf("\n" + delimiter + "\n"));
        assertThatThrownBy(() -> verify(stripped)).hasMessageContaining("signature is missing");
    }

    @Test
    @DisplayName("that carries a second content inside its signature is refused: which one was signed?")
    void twoContents() throws Exception {
        String mail = sign(TestKey.RSA_2048_A);
        String opaque =
                sign(TestKey.RSA_2048_A, "-nodetach", "-outform", "PEM").replaceAll("-----[A-Z0-9 ]+-----\n", "");
        int start = mail.indexOf("smime.p7s\"\n\n") + 12;
        String both = mail.substring(0, start) + opaque + mail.substring(mail.lastIndexOf("\n------"));
        assertThatThrownBy(() -> verify(both.replace("Pay Bob", "Pay Mallory")))
                .isInstanceOfSatisfying(
                        SignatureException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(SignatureException.Reason.CONTENT_MISPLACED));
    }

    @Test
    @DisplayName("whose attributes are shown as the content of a message of their own is forged")
    void attributesAsContent() throws Exception {
        sign(TestKey.RSA_2048_A, "-nodetach", "-outform", "DER");
        byte[] forged = ForgedMessages.attributesAsContent(Files.readAllBytes(openssl.file("signed")));
        try (VerifiedMail mail = verifier().verify(Source.of(forged))) {
            assertThat(mail.signers())
                    .singleElement()
                    .satisfies(signer -> assertThat(signer.signature().status()).isEqualTo(Status.FORGED));
        }
    }

    @Test
    @DisplayName("without its certificate says so, and with no signer at all proves nothing")
    void nobody() throws Exception {
        try (VerifiedMail mail = verify(sign(TestKey.RSA_2048_A, "-nocerts"))) {
            // -certfile still sends the CA.
            assertThat(mail.signers().get(0).signature().status()).isEqualTo(Status.CERTIFICATE_MISSING);
            assertThat(content(mail)).isEqualTo(CONTENT);
        }
        openssl.run("crl2pkcs7", "-nocrl", "-certfile", "issuing.pem", "-outform", "DER", "-out", "bag.p7b");
        assertThatThrownBy(() -> verifier().verify(Source.of(openssl.file("bag.p7b"))))
                .isInstanceOfSatisfying(
                        SignatureException.class,
                        refused -> assertThat(refused.reason())
                                .isIn(
                                        SignatureException.Reason.CERTIFICATES_ONLY,
                                        SignatureException.Reason.CONTENT_MISPLACED));
    }

    @Test
    @DisplayName("under an unknown root or with a gap in the chain is shown, each with its own reason")
    void untrusted() throws Exception {
        MessageVerifier nobodyTrusted =
                new MessageVerifier(MailTrust.ofRoots(List.of(), Clock.systemUTC()), List.of(), directory);
        String mail = sign(TestKey.RSA_2048_A);
        try (VerifiedMail gap = nobodyTrusted.verify(Source.of(mail.getBytes(StandardCharsets.ISO_8859_1)))) {
            TrustVerdict trust = Objects.requireNonNull(gap.signers().get(0).trust());
            assertThat(trust.state()).isEqualTo(TrustVerdict.Chain.GAP);
            assertThat(trust.reason()).contains("Test Root CA");
            assertThat(content(gap)).isEqualTo(CONTENT);
        }
    }

    @Test
    @DisplayName("cut off anywhere is one typed error, or is not good")
    void cutOff() throws Exception {
        sign(TestKey.RSA_2048_A, "-nodetach", "-outform", "DER");
        byte[] whole = Files.readAllBytes(openssl.file("signed"));
        for (int length = 1; length < whole.length - 1; length += 7) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> verifier().verify(Source.of(cut)))
                    .as("cut at %d", length)
                    .isInstanceOf(IOException.class);
        }
    }
}
