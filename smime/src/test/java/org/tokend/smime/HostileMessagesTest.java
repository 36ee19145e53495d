package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.ContentRecipient;
import org.tokend.smime.cms.DecryptionException;
import org.tokend.smime.cms.EnvelopeWriter;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("A hostile message")
class HostileMessagesTest {

    private static final byte[] MAIL = "From: alice@example.org\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private final TestCa ca = TestCa.create();
    private final SoftwareKeys alice =
            new SoftwareKeys().add(TestKey.RSA_2048_A, ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org"));

    private MessageReader reader(Path spool) {
        MessageVerifier verifier =
                new MessageVerifier(MailTrust.ofRoots(List.of(), Clock.systemUTC()), List.of(), spool);
        return new MessageReader(alice, verifier, spool);
    }

    private void open(byte[] message) throws IOException {
        try (MessageReader.OpenedMail opened = reader(directory).open(Source.of(message))) {
            opened.writeTo(new ByteArrayOutputStream());
        }
    }

    private byte[] encryptedTo(int others, boolean aliceToo) throws IOException {
        MailCertificate own = CertifiedKey.of(alice.list()).get(0).certificate();
        MailCertificate other = MailCertificate.of(encoded(TestKey.RSA_2048_B)).orElseThrow();
        List<ContentRecipient> recipients =
                new java.util.ArrayList<>(Collections.nCopies(others, new ContentRecipient(other, null)));
        if (aliceToo) {
            recipients.add(new ContentRecipient(own, null));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EnvelopeWriter(ContentAlgorithm.AES_256_CBC, recipients, new SecureRandom())
                .write(stream -> stream.write(MAIL), out);
        return out.toByteArray();
    }

    private byte[] encoded(TestKey key) {
        try {
            return ca.mail(key.publicKey(), "bob@example.org").getEncoded();
        } catch (java.security.cert.CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    @DisplayName("with 10,000 recipients is read if we are one of them, and refused in a few lines if we are not")
    void tenThousandRecipients() throws Exception {
        open(encryptedTo(10_000, true));
        assertThat(alice.unwrapped()).hasSize(1);
        assertThatThrownBy(() -> open(encryptedTo(10_000, false)))
                .isInstanceOfSatisfying(DecryptionException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(DecryptionException.Reason.NOT_A_RECIPIENT);
                    assertThat(refused.details()).hasSizeLessThan(30);
                });
        assertThatThrownBy(() -> open(encryptedTo(12_001, true)))
                .isInstanceOfSatisfying(
                        DecryptionException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(DecryptionException.Reason.UNSUPPORTED));
    }

    @Test
    @DisplayName("that unpacks to a thousand times its size is refused as a bomb, and an honest one is unpacked")
    void bomb() throws Exception {
        open(MailSeeds.compressed(MAIL));
        assertThatThrownBy(() -> open(MailSeeds.compressed(new byte[64 << 20])))
                .isInstanceOf(DecryptionException.class)
                .hasMessageContaining("bomb");
    }

    @Test
    @DisplayName("that wraps itself again and again is left alone")
    void nested() throws Exception {
        byte[] message = MAIL;
        for (int i = 0; i < 9; i++) {
            ByteArrayOutputStream entity = new ByteArrayOutputStream();
            entity.writeBytes(
                    "Content-Type: application/pkcs7-mime; smime-type=compressed-data\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            entity.writeBytes(MailSeeds.compressed(message));
            message = entity.toByteArray();
        }
        byte[] wrapped = message;
        assertThatThrownBy(() -> open(wrapped)).hasMessageContaining("wrapped more than");
    }

    @Test
    @DisplayName("that says it is one thing and is another is read as what it is")
    void otherType() throws Exception {
        ByteArrayOutputStream mail = new ByteArrayOutputStream();
        mail.writeBytes(
                "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        mail.writeBytes(encryptedTo(0, true));
        try (MessageReader.OpenedMail opened = reader(directory).open(Source.of(mail.toByteArray()))) {
            assertThat(opened.layers()).singleElement().isInstanceOf(MessageReader.Encrypted.class);
            assertThat(opened.isUnauthenticated()).isTrue();
        }
    }

    @Test
    @DisplayName("made of a good one by changed bytes ends in a typed error or in a mail, never in anything else")
    void mutations() throws Exception {
        Random random = new Random(20261121);
        byte[] signed = signed();
        byte[] encrypted = encryptedTo(2, true);
        for (int i = 0; i < 3000; i++) {
            byte[] mutant = (i % 2 == 0 ? signed : encrypted).clone();
            for (int j = 0; j <= random.nextInt(4); j++) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            openOrRefuse(mutant);
        }
    }

    private byte[] signed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MessageSigner(alice, Clock.systemUTC(), new SecureRandom())
                .sign(
                        Mail.read(Source.of(MAIL)),
                        CertifiedKey.of(alice.list()).get(0),
                        new SigningOptions(true, null, List.of(), null),
                        out);
        return out.toByteArray();
    }

    private void openOrRefuse(byte[] message) {
        try {
            open(message);
        } catch (IOException typed) {
            assertThat(typed).hasMessageMatching("(?s).+");
        } catch (IllegalStateException wrongKeyOfTheTestsOwnToken) {
            assertThat(wrongKeyOfTheTestsOwnToken.getStackTrace()[0].getClassName())
                    .contains("testing.RecipientKeys");
        }
    }

    @Test
    @DisplayName("that is not a message at all is refused")
    void nothing() {
        assertThatThrownBy(() -> open(new byte[0])).isInstanceOf(IOException.class);
        assertThatThrownBy(() ->
                        open(new ByteArrayInputStream(new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1}).readAllBytes()))
                .isInstanceOf(IOException.class);
    }
}
