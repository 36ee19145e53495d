package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.CertificateProfile;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/**
 * A person's desk: a card with keys and certificates for alice@example.org and the CA above them, the daemon as it is
 * installed, a pinentry that knows the PIN, and a directory with the certificates as files and a mail.
 */
final class MailDesk implements AutoCloseable {
    private final Path directory;
    private final TestCa ca = TestCa.create();
    private final SoftHsmToken token;
    private final ScriptedPinentry pinentry;
    private final DaemonFixture daemon;

    MailDesk(Path directory, TestKey... keys) throws IOException {
        this(
                directory,
                Stream.of(keys)
                        .collect(Collectors.toMap(
                                key -> key,
                                key -> CertificateProfile.mail(key.publicKey(), "alice@example.org"),
                                (one, other) -> other,
                                LinkedHashMap::new)));
    }

    /** With certificates made for what the profiles say. */
    MailDesk(Path directory, Map<TestKey, CertificateProfile> keys) throws IOException {
        this.directory = directory;
        this.token = SoftHsmToken.create("card");
        this.pinentry = ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin()));
        for (TestKey key : keys.keySet()) {
            ImportedKey imported = token.importKey(key);
            X509Certificate certificate = ca.issue(key.publicKey(), keys.get(key));
            token.importCertificate(imported, certificate);
            Files.writeString(directory.resolve(key + ".pem"), TestCa.pem(certificate));
        }
        token.importCertificate(ca.issuing(), "issuing", new byte[] {0x7f});
        Files.writeString(directory.resolve("root.pem"), TestCa.pem(ca.root()));
        Files.writeString(directory.resolve("issuing.pem"), TestCa.pem(ca.issuing()));
        Files.writeString(
                directory.resolve("mail.eml"),
                "From: Alice <alice@example.org>\nTo: bob@example.org\nSubject: Lunch\nMIME-Version: 1.0\n"
                        + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                        + "At noon, by the fountain?\nGrüße\n");
        this.daemon = DaemonFixture.start(token, pinentry);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    ScriptedPinentry pinentry() {
        return pinentry;
    }

    DaemonFixture daemon() {
        return daemon;
    }

    TestCa ca() {
        return ca;
    }

    CommandResult tokenctl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("tokend.home"), "bin", "tokenctl")
                .toRealPath()
                .toString()));
        command.addAll(List.of(arguments));
        return run(command, daemon.environment());
    }

    /** The issuing CA's list, with the certificate in this file on it. */
    byte[] crlThatRevokes(String file) throws Exception {
        try (InputStream in = Files.newInputStream(directory.resolve(file))) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant now = Instant.now();
            X509v2CRLBuilder list = new X509v2CRLBuilder(
                    new JcaX509CertificateHolder(ca.issuing()).getSubject(), Date.from(now.minusSeconds(60)));
            list.setNextUpdate(Date.from(now.plusSeconds(3600)));
            list.addCRLEntry(certificate.getSerialNumber(), Date.from(now.minusSeconds(60)), CRLReason.keyCompromise);
            return list.build(new JcaContentSignerBuilder("SHA256withRSA").build(TestKey.CA_ISSUING.privateKey()))
                    .getEncoded();
        }
    }

    void tokenctlSucceeds(String... arguments) throws IOException, InterruptedException {
        CommandResult result = tokenctl(arguments);
        assertThat(result.status()).as("%s", result.errors()).isZero();
    }

    /** Any other program, in the directory. */
    CommandResult run(String... command) throws IOException, InterruptedException {
        return run(List.of(command), Map.of());
    }

    /** The same with variables, as a program has that finds tokend by itself. */
    CommandResult runWith(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        return run(List.of(command), environment);
    }

    void succeeds(String... command) throws IOException, InterruptedException {
        CommandResult result = run(command);
        assertThat(result.status()).as("%s%s", result.output(), result.errors()).isZero();
    }

    CommandResult run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "out", "");
        Path errors = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        int status = process.waitFor();
        return new CommandResult(
                status,
                Files.readString(output, StandardCharsets.ISO_8859_1),
                Files.readString(errors, StandardCharsets.UTF_8));
    }

    /** mail.eml, to the certificate in KEY.pem alone and with no copy for the sender, into secret.eml. */
    void encrypt(String key, String cipher, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "smime",
                "encrypt",
                "mail.eml",
                "--recipient-cert",
                key + ".pem",
                "--cipher",
                cipher,
                "--no-self",
                "--anchors",
                "root.pem",
                "--untrusted",
                "issuing.pem",
                "-o",
                "secret.eml"));
        command.addAll(List.of(more));
        tokenctlSucceeds(command.toArray(String[]::new));
    }

    @Override
    public void close() {
        try (token;
                pinentry;
                daemon) {
            // Closed in the reverse order.
        }
    }
}
