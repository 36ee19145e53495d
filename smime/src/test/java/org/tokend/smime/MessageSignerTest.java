package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.Openssl;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("A signed mail")
class MessageSignerTest {

    private static final String PLAIN = """
            From: Alice <alice@example.org>
            To: Bob <bob@example.org>
            Subject: Lunch
            Content-Type: text/plain; charset=us-ascii

            Hello Bob,
            shall we meet at noon?
            """;

    private final TestCa ca = TestCa.create();

    @TempDir
    Path directory;

    private Openssl openssl;

    @BeforeEach
    void trustTheRoot() throws IOException {
        openssl = new Openssl(directory);
        openssl.write("root.pem", TestCa.pem(ca.root()));
    }

    private byte[] sign(SoftwareKeys keys, String mail, boolean opaque, SignatureScheme scheme) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        signer(keys)
                .sign(
                        Mail.read(Source.of(mail.getBytes(StandardCharsets.UTF_8))),
                        CertifiedKey.of(keys.list()).get(0),
                        options(opaque, scheme),
                        out);
        return out.toByteArray();
    }

    private static MessageSigner signer(SoftwareKeys keys) {
        return new MessageSigner(
                keys, Clock.fixed(Instant.parse("2026-11-21T03:00:00Z"), ZoneOffset.UTC), new SecureRandom());
    }

    private SigningOptions options(boolean opaque, @Nullable SignatureScheme scheme) throws IOException {
        return new SigningOptions(
                opaque,
                scheme,
                CertificateFile.parse(TestCa.pem(ca.issuing()).getBytes(StandardCharsets.US_ASCII), "ca"),
                null);
    }

    private SoftwareKeys alice(TestKey key) {
        X509Certificate certificate = ca.mail(key.publicKey(), "alice@example.org");
        return new SoftwareKeys().add(key, certificate);
    }

    private void accepts(byte[] signed) throws Exception {
        Files.write(openssl.file("signed.eml"), signed);
        Openssl.Result result = openssl.run(
                "cms",
                "-verify",
                "-in",
                "signed.eml",
                "-CAfile",
                "root.pem",
                "-out",
                "content.txt",
                "-purpose",
                "smimesign");
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048_A, RSA_PKCS1_SHA256, false",
        "RSA_2048_A, RSA_PKCS1_SHA256, true",
        "RSA_2048_A, RSA_PSS_SHA256, false",
        "RSA_2048_A, RSA_PSS_SHA512, true",
        "P256_A, ECDSA_SHA256, false",
        "P256_A, ECDSA_SHA256, true",
        "P384, ECDSA_SHA384, false",
        "P521, ECDSA_SHA512, false"
    })
    @DisplayName("is accepted by OpenSSL, and only a digest went to the token")
    void opensslAccepts(TestKey key, SignatureScheme scheme, boolean opaque) throws Exception {
        SoftwareKeys keys = alice(key);
        accepts(sign(keys, PLAIN, opaque, scheme));
        assertThat(Files.readString(openssl.file("content.txt")).replace("\r\n", "\n"))
                .endsWith("Hello Bob,\nshall we meet at noon?\n")
                .startsWith("Content-Type: text/plain; charset=us-ascii\n\n");
        assertThat(keys.signed())
                .singleElement()
                .satisfies(request ->
                        assertThat(request.input()).hasSize(scheme.algorithm().digestLength()));
    }

    @ParameterizedTest
    @CsvSource({
        "'line\r\n', false",
        "'line\r\n', true",
        "'line\n', false",
        "'line\n', true",
        "'one\r\ntwo\n', false",
        "'blank at its end \r\n', false",
        "'caf\u00e9\n', false"
    })
    @DisplayName("of several megabytes is accepted by OpenSSL too, whatever its lines are")
    void large(String lines, boolean opaque) throws Exception {
        String mail = PLAIN.replace("\n", lines.startsWith("line\r") ? "\r\n" : "\n")
                + lines.repeat((3 << 20) / lines.length());
        accepts(sign(alice(TestKey.RSA_2048_A), mail, opaque, SignatureScheme.RSA_PKCS1_SHA256));
        assertThat(Files.size(openssl.file("content.txt"))).isGreaterThan(3L << 20);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("content digest");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("is not made when its text cannot be read to the end, and no signature is asked for")
    void unreadable(boolean opaque) throws Exception {
        SoftwareKeys keys = alice(TestKey.RSA_2048_A);
        byte[] mail = (PLAIN + "line\n".repeat(1 << 20)).getBytes(StandardCharsets.US_ASCII);
        Iterator<Integer> readable =
                List.of(mail.length, mail.length, mail.length, mail.length / 2).iterator();
        Mail read = Mail.read(() -> broken(mail, readable.next()));
        assertThatThrownBy(() -> signer(keys)
                        .sign(
                                read,
                                CertifiedKey.of(keys.list()).get(0),
                                options(opaque, null),
                                OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessage("bad sector");
        assertThat(keys.signed()).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("content digest");
    }

    private static InputStream broken(byte[] mail, int readable) {
        InputStream start = new ByteArrayInputStream(mail, 0, readable);
        return new SequenceInputStream(start, new InputStream() {
            @Override
            public int read() throws IOException {
                if (readable < mail.length) {
                    throw new IOException("bad sector");
                }
                return -1;
            }
        });
    }
}
