package org.tokend.tokenctl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.tokend.fixtures.keys.CertificateProfile;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

/** One content, signed by OpenSSL in many ways, each as a mail, as an opaque message, and as a signature beside its content. */
final class SignedSamples {

    static final String ADDRESS = "alice@example.org";

    private final TestCa ca = TestCa.create();
    private final Path directory;

    SignedSamples(Path directory) throws Exception {
        this.directory = directory;
        CertificateProfile usual = CertificateProfile.mail(TestKey.RSA_2048_A.publicKey(), ADDRESS);
        Files.writeString(directory.resolve("root.pem"), TestCa.pem(ca.root()));
        Files.writeString(directory.resolve("issuing.pem"), TestCa.pem(ca.issuing()));
        person("alice", TestKey.RSA_2048_A, usual);
        person("curve", TestKey.P256_A, CertificateProfile.mail(TestKey.P256_A.publicKey(), ADDRESS));
        person(
                "expired",
                TestKey.RSA_2048_A,
                usual.withValidity(Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2025-01-01T00:00:00Z")));
        person("server", TestKey.RSA_2048_A, usual.withPurposes(CertificateProfile.CLIENT_AUTHENTICATION));
        BigInteger revoked = person("revoked", TestKey.RSA_2048_C, usual);
        Files.write(Files.createDirectories(directory.resolve("crls")).resolve("issuing.crl"), list(revoked));
        TestCa other = TestCa.other();
        Files.writeString(
                directory.resolve("stranger.pem"), TestCa.pem(other.mail(TestKey.RSA_2048_B.publicKey(), ADDRESS)));
        Files.writeString(directory.resolve("stranger.key"), TestKey.RSA_2048_B.pem());
        Files.writeString(directory.resolve("content"), "Content-Type: text/plain\r\n\r\nPay Bob 10 euros.\r\n");
        Files.writeString(
                directory.resolve("other-author"),
                "From: mallory@example.net\r\nContent-Type: text/plain; hp=\"clear\"\r\n\r\nPay Bob 10 euros.\r\n");
    }

    private BigInteger person(String name, TestKey key, CertificateProfile profile) throws IOException {
        X509Certificate certificate = ca.issue(key.publicKey(), profile);
        Files.writeString(directory.resolve(name + ".pem"), TestCa.pem(certificate));
        Files.writeString(directory.resolve(name + ".key"), key.pem());
        return certificate.getSerialNumber();
    }

    private byte[] list(BigInteger revoked) throws Exception {
        Instant now = Instant.now();
        X509v2CRLBuilder list = new X509v2CRLBuilder(
                new JcaX509CertificateHolder(ca.issuing()).getSubject(), Date.from(now.minusSeconds(60)));
        list.setNextUpdate(Date.from(now.plusSeconds(86_400)));
        list.addCRLEntry(revoked, Date.from(now.minusSeconds(60)), CRLReason.keyCompromise);
        return list.build(new JcaContentSignerBuilder("SHA256withRSA").build(TestKey.CA_ISSUING.privateKey()))
                .getEncoded();
    }

    Path root() {
        return directory.resolve("root.pem");
    }

    TestCa ca() {
        return ca;
    }

    /** One way of signing, in three forms. */
    record Sample(Path mail, Path opaque, Path signature, Path content) {}

    /** @param how words for {@code openssl cms -sign}; what follows {@code | } signs once more */
    Sample sign(String content, String how) throws Exception {
        String[] signers = how.split(" \\| ", 2);
        Sample sample = new Sample(
                directory.resolve("mail.eml"),
                directory.resolve("opaque.p7m"),
                directory.resolve("detached.p7s"),
                directory.resolve(content));
        for (String form : List.of("SMIME", "DER", "DER -nodetach")) {
            Path out = form.equals("SMIME") ? sample.mail() : form.equals("DER") ? sample.signature() : sample.opaque();
            openssl("cms -sign -binary -from " + ADDRESS + " -in " + content + " -outform " + form + " -out " + out
                    + " " + signers[0]);
            if (signers.length > 1) {
                String again = form.equals("SMIME") ? "-inform SMIME" : "-inform DER";
                String beside = form.equals("DER") ? " -content " + content : "";
                Path twice = directory.resolve("twice");
                openssl("cms -resign " + again + " -binary -from " + ADDRESS + " -in " + out + beside + " -outform "
                        + form + " -out " + twice + " " + signers[1]);
                Files.move(twice, out, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return sample;
    }

    /** Changes what was signed. */
    Sample altered(Sample sample) throws IOException {
        Path changed = directory.resolve("changed");
        for (Path each : List.of(sample.mail(), sample.opaque(), sample.content())) {
            byte[] bytes = new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1)
                    .replace("10 euros", "99 euros")
                    .getBytes(StandardCharsets.ISO_8859_1);
            Files.write(each.equals(sample.content()) ? changed : each, bytes);
        }
        return new Sample(sample.mail(), sample.opaque(), sample.signature(), changed);
    }

    /** Turns one bit at the end of the signature, which stands last. */
    Sample forged(Sample sample) throws IOException {
        for (Path each : List.of(sample.opaque(), sample.signature())) {
            byte[] der = Files.readAllBytes(each);
            der[der.length - 5] ^= 1;
            Files.write(each, der);
        }
        String mail = Files.readString(sample.mail(), StandardCharsets.ISO_8859_1);
        int start = mail.indexOf("smime.p7s\"\n\n") + "smime.p7s\"\n\n".length();
        int end = mail.indexOf("\n\n", start);
        String forged =
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(Files.readAllBytes(sample.signature()));
        Files.writeString(
                sample.mail(), mail.substring(0, start) + forged + mail.substring(end), StandardCharsets.ISO_8859_1);
        return sample;
    }

    private void openssl(String words) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words.split(" ")));
        Path log = directory.resolve("openssl.log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor()).as("%s: %s", words, Files.readString(log)).isZero();
    }
}
