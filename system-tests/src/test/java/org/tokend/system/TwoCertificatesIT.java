package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.CertificateProfile;
import org.tokend.fixtures.keys.CertificateProfile.KeyUsageBit;
import org.tokend.fixtures.keys.TestKey;

/** As PIV cards have it: one key and certificate for signatures, another for mail that one gets, both of one address. */
@DisplayName("A card with one certificate to sign and another to be encrypted to")
class TwoCertificatesIT {

    @TempDir
    Path directory;

    private static Map<TestKey, CertificateProfile> card() {
        Map<TestKey, CertificateProfile> card = new LinkedHashMap<>();
        card.put(
                TestKey.RSA_2048_B,
                CertificateProfile.mail(TestKey.RSA_2048_B.publicKey(), "alice@example.org")
                        .withUsages(KeyUsageBit.KEY_ENCIPHERMENT));
        card.put(
                TestKey.RSA_2048_A,
                CertificateProfile.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org")
                        .withUsages(KeyUsageBit.DIGITAL_SIGNATURE, KeyUsageBit.NON_REPUDIATION));
        return card;
    }

    private static X509Certificate certificate(MailDesk desk, TestKey key) throws Exception {
        try (InputStream in = Files.newInputStream(desk.file(key + ".pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static String fingerprint(MailDesk desk, TestKey key) throws Exception {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(certificate(desk, key).getEncoded()));
    }

    @Test
    @DisplayName("needs nothing set: each is taken for what its key usage says, by us and by those who answer")
    void chosenByUsage() throws Exception {
        try (MailDesk desk = new MailDesk(directory, card())) {
            desk.tokenctlSucceeds("smime", "sign", "mail.eml", "-o", "signed.eml");
            CommandResult verified = desk.tokenctl(
                    "smime",
                    "verify",
                    "signed.eml",
                    "--anchors",
                    "root.pem",
                    "--json",
                    "--harvest",
                    "--recipients",
                    "people");
            assertThat(verified.status()).as(verified.errors()).isZero();
            assertThat(verified.output()).contains("\"certificate\":\"" + fingerprint(desk, TestKey.RSA_2048_A) + "\"");
            assertThat(verified.errors()).contains("kept").contains(fingerprint(desk, TestKey.RSA_2048_B));
            desk.succeeds(
                    "openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "root.pem", "-purpose", "smimesign");

            CommandResult encrypted = desk.tokenctl(
                    "smime",
                    "encrypt",
                    "--sign",
                    "mail.eml",
                    "--to",
                    "alice@example.org",
                    "--anchors",
                    "root.pem",
                    "--json",
                    "-o",
                    "secret.eml");
            assertThat(encrypted.output())
                    .contains("\"recipients\":[\"" + fingerprint(desk, TestKey.RSA_2048_B) + "\"]");
            String serial = String.valueOf(certificate(desk, TestKey.RSA_2048_B).getSerialNumber());
            CommandResult printed = desk.run("openssl", "cms", "-cmsout", "-print", "-noout", "-in", "secret.eml");
            assertThat(printed.output().lines().filter(line -> line.contains("serialNumber:")))
                    .singleElement()
                    .asString()
                    .contains(serial);
            CommandResult read = desk.tokenctl(
                    "smime", "decrypt", "--unwrap", "secret.eml", "--anchors", "root.pem", "--json", "-o", "read.txt");
            assertThat(read.output()).contains("\"proven\":true");

            neitherForTheOther(desk);
        }
    }

    private static void neitherForTheOther(MailDesk desk) throws Exception {
        CommandResult signs = desk.tokenctl("smime", "sign", "--key", "rsa-2048-b", "mail.eml");
        assertThat(signs.status()).isNotZero();
        assertThat(signs.errors()).contains("key usage does not allow signatures");
        CommandResult reads = desk.tokenctl(
                "smime",
                "encrypt",
                "mail.eml",
                "--no-self",
                "--to",
                "alice@example.org",
                "--recipient-cert",
                "RSA_2048_A.pem",
                "--anchors",
                "root.pem");
        assertThat(reads.errors()).contains("alice@example.org: wrong-usage");
    }
}
