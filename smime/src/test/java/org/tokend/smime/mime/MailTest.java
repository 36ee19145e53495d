package org.tokend.smime.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.BodyPart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A mail that is to be signed")
class MailTest {

    private static byte[] entity(byte[] mail) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Mail.read(Source.of(mail)).writeEntity(out);
        return out.toByteArray();
    }

    private static String entity(String mail) throws IOException {
        return new String(entity(mail.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static String mailFields(String mail) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Mail.read(Source.of(mail.getBytes(StandardCharsets.UTF_8))).writeMailFields(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What another implementation of MIME reads from the entity. */
    private static MimeMessage parsed(byte[] entity) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(entity));
    }

    private static boolean survivesAnyServer(byte[] entity) {
        int line = 0;
        for (int i = 0; i < entity.length; i++) {
            byte b = entity[i];
            if (b == '\n') {
                if (i == 0 || entity[i - 1] != '\r' || (i > 1 && (entity[i - 2] == ' ' || entity[i - 2] == '\t'))) {
                    return false;
                }
                line = 0;
            } else if (b <= 0 || ++line > 999) {
                return false;
            }
        }
        return !new String(entity, StandardCharsets.ISO_8859_1).contains("\nFrom ");
    }

    @Nested
    @DisplayName("is divided")
    class Divided {

        @Test
        @DisplayName("into fields that describe the content, which are signed, and the others, which stay outside")
        void headers() throws IOException {
            String mail =
                    "From: a@example.org\nMIME-Version: 1.0\nContent-Type: text/plain;\n\tcharset=us-ascii\nSubject:"
                            + " Hi\n there\nContent-Language: en\n\nText\n";
            assertThat(entity(mail))
                    .isEqualTo(
                            "Content-Type: text/plain;\r\n\tcharset=us-ascii\r\nContent-Language: en\r\n\r\nText\r\n");
            assertThat(mailFields(mail)).isEqualTo("From: a@example.org\r\nSubject: Hi\r\n there\r\n");
        }

        @Test
        @DisplayName("without the envelope line of an mbox")
        void mbox() throws IOException {
            assertThat(mailFields("From alice Sat Nov 21\nSubject: Hi\n\nText\n"))
                    .isEqualTo("Subject: Hi\r\n");
        }

        @Test
        @DisplayName("as a body alone where it has no header")
        void bodyOnly() throws IOException {
            assertThat(entity("Just text, no header.\nSecond line\n"))
                    .isEqualTo(
                            "Content-Type: text/plain; charset=us-ascii\r\n\r\nJust text, no header.\r\nSecond line\r\n");
            assertThat(mailFields("Just text, no header.\n")).isEmpty();
        }

        @Test
        @DisplayName("and From gives its addresses, whatever its comments and names")
        void from() throws IOException {
            String mail = "From: \"Doe, Jane\" <jane@example.org> (work),\n bob@example.org\n\nText\n";
            assertThat(Mail.read(Source.of(mail.getBytes(StandardCharsets.UTF_8)))
                            .from())
                    .containsExactly("jane@example.org", "bob@example.org");
            assertThat(Mail.read(Source.of("From: <<>>\n\n".getBytes(StandardCharsets.UTF_8)))
                            .from())
                    .isEmpty();
        }
    }

    @Nested
    @DisplayName("is made canonical")
    class Canonical {

        @ParameterizedTest
        @ValueSource(strings = {"\n", "\r\n"})
        @DisplayName("the same from either line end")
        void lineEnds(String end) throws IOException {
            String mail = "Content-Type: text/plain" + end + end + "one" + end + end + "two";
            assertThat(entity(mail)).isEqualTo("Content-Type: text/plain\r\n\r\none\r\n\r\ntwo");
        }

        @Test
        @DisplayName("and plain ASCII under an 8bit label only loses the label")
        void relabelled() throws IOException {
            assertThat(entity("Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\n\nplain\n"))
                    .isEqualTo("Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\n\r\nplain\r\n");
        }

        @Test
        @DisplayName("and a line longer than every buffer stays one line")
        void endlessLine() throws Exception {
            String text = "x".repeat(200_000);
            byte[] entity = entity(("Content-Type: text/plain\n\n" + text).getBytes(StandardCharsets.US_ASCII));
            assertThat(survivesAnyServer(entity)).isTrue();
            assertThat(parsed(entity).getContent()).isEqualTo(text);
        }
    }

    @Nested
    @DisplayName("is encoded so that no server has a reason to change it, and reads the same")
    class Hardened {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Grüße aus Köln, und sonst fast nur ASCII, damit es bei quoted-printable bleibt.\r\n",
                    "Привет, как дела?\r\n",
                    "From the start of a line\r\n",
                    "-- \r\nsignature delimiter\r\n",
                    "tab at the end\t\r\nlast line without break ",
                    "a=b, .dot\r\n.\r\n=3D\r\n",
                    ".\r\nÄ\r\n. From me\r\nFrom me\r\n"
                })
        void text(String body) throws Exception {
            byte[] entity =
                    entity(("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(survivesAnyServer(entity)).isTrue();
            assertThat(parsed(entity).getContent()).isEqualTo(body);
        }

        @Test
        @DisplayName("also where it names no type: then it says UTF-8")
        void untyped() throws Exception {
            byte[] entity = entity("Subject: x\n\nGrüße\n".getBytes(StandardCharsets.UTF_8));
            assertThat(parsed(entity).getContentType()).contains("utf-8");
            assertThat(parsed(entity).getContent()).isEqualTo("Grüße\r\n");
        }

        @Test
        @DisplayName("and binary parts keep every byte, line ends too")
        void binary() throws Exception {
            byte[] bytes = new byte[3000];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 7 % 256);
            }
            bytes[100] = '\n';
            bytes[101] = '\r';
            bytes[102] = '\r';
            bytes[103] = '\n';
            ByteArrayOutputStream mail = new ByteArrayOutputStream();
            mail.writeBytes("Content-Type: multipart/mixed; boundary=\"b b\"\r\n\r\npreamble\r\n--b b\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            mail.writeBytes("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            mail.writeBytes(bytes);
            mail.writeBytes(
                    "\r\n--b b\r\n\r\nplain part\r\n--b b--\r\nepilogue\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] entity = entity(mail.toByteArray());
            assertThat(survivesAnyServer(entity)).isTrue();
            MimeMultipart parts = (MimeMultipart) parsed(entity).getContent();
            assertThat(parts.getCount()).isEqualTo(2);
            BodyPart first = parts.getBodyPart(0);
            assertThat(first.getInputStream().readAllBytes()).isEqualTo(bytes);
            assertThat(parts.getBodyPart(1).getContent()).isEqualTo("plain part");
            assertThat(new String(entity, StandardCharsets.US_ASCII)).endsWith("--b b--\r\nepilogue\r\n");
        }

        @Test
        @DisplayName("down into nested multiparts and forwarded mails")
        void nested() throws Exception {
            String mail = """
                    Content-Type: multipart/mixed; boundary=outer
                    Content-Transfer-Encoding: 8bit

                    --outer
                    Content-Type: multipart/alternative; boundary=inner

                    --inner
                    Content-Type: text/plain; charset=utf-8

                    Käse
                    --inner
                    Content-Type: text/html; charset=utf-8

                    <p>Käse</p>
                    --inner--
                    --outer
                    Content-Type: message/rfc822
                    Content-Transfer-Encoding: 8bit

                    Subject: forwarded
                    Content-Type: text/plain; charset=utf-8
                    Content-Transfer-Encoding: 8bit

                    Weiß
                    --outer--
                    """;
            byte[] entity = entity(mail.getBytes(StandardCharsets.UTF_8));
            assertThat(survivesAnyServer(entity)).isTrue();
            MimeMultipart outer = (MimeMultipart) parsed(entity).getContent();
            MimeMultipart inner = (MimeMultipart) outer.getBodyPart(0).getContent();
            assertThat(inner.getBodyPart(1).getContent()).isEqualTo("<p>Käse</p>");
            MimeMessage forwarded = (MimeMessage) outer.getBodyPart(1).getContent();
            assertThat(forwarded.getSubject()).isEqualTo("forwarded");
            assertThat(forwarded.getContent()).isEqualTo("Weiß");
        }

        @Test
        @DisplayName("but a part that somebody else has signed is not touched")
        void sealed() throws IOException {
            String signed =
                    "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\nFrom me \r\n"
                            + "--s\r\nContent-Type: application/pgp-signature\r\n\r\nxx\r\n--s--\r\n";
            assertThat(entity("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n" + signed + "--o--\r\n"))
                    .contains(signed);
        }
    }

    @Nested
    @DisplayName("cannot exhaust memory or stack")
    class Bounded {

        @Test
        @DisplayName("by an endless header")
        void header() {
            byte[] mail = ("Subject: " + "x".repeat(2_000_000)).getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> entity(mail))
                    .isInstanceOf(MalformedMailException.class)
                    .hasMessageContaining("header");
        }

        @Test
        @DisplayName("by forwarded mails in forwarded mails")
        void depth() throws IOException {
            String mail = "Content-Type: message/rfc822\n\n".repeat(20_000) + "text";
            assertThat(entity(mail)).hasSizeGreaterThan(mail.length());
        }
    }
}
