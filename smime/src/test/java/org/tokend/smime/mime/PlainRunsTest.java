package org.tokend.smime.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Long runs of plain lines, which are written without a second look,")
class PlainRunsTest {

    private static final int READ_AT_ONCE = 1 << 16;
    private static final String TEXT = "Content-Type: text/plain; charset=us-ascii\r\n\r\n";

    /** What may stand among plain lines. */
    private enum Odd {
        NOTHING(""),
        LINE_FEED("feed\n"),
        BLANK_AT_END("blank \r\n"),
        LONG("x".repeat(5_000) + "\r\n"),
        LONGER_THAN_READ("y".repeat(100_000) + "\r\n"),
        LONE_RETURN("lone\rreturn\r\n"),
        BEYOND_ASCII("caf\u00e9\r\n"),
        FROM("From here\r\n"),
        DASHES("-- \r\n--no delimiter\r\n"),
        EMPTY("\r\n\r\n\r\n");

        private final String text;

        Odd(String text) {
            this.text = text;
        }
    }

    private static String lines(int octets) {
        StringBuilder lines = new StringBuilder(octets + 100);
        for (int i = 0; lines.length() < octets - 200; i++) {
            lines.append(i).append(" plain ".repeat(i % 12)).append(i).append("\r\n");
        }
        return lines.append("z".repeat(octets - 2 - lines.length()))
                .append("\r\n")
                .toString();
    }

    private static byte[] octets(String mail) {
        return mail.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<PlainRuns.Run> walk(byte[] mail, EntityVisitor visitor, List<PlainRuns.Run> known)
            throws IOException {
        LineReader in = new LineReader(new ByteArrayInputStream(mail));
        Headers headers = Headers.read(in);
        return new EntityWalker(in, visitor, known).walk(headers == null ? Headers.NONE : headers);
    }

    private static byte[] written(byte[] mail, boolean withSecondLook) throws IOException {
        LeafScan scan = new LeafScan();
        List<PlainRuns.Run> found = walk(mail, scan, List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EntityWriter writer = new EntityWriter(EntityOutput.of(out), scan.encodings());
        walk(mail, writer, withSecondLook ? List.of() : found);
        writer.finish();
        return out.toByteArray();
    }

    private static void isWrittenAlike(String mail) throws IOException {
        for (byte[] octets : List.of(octets(mail), octets(mail.replace("\r\n", "\n")))) {
            List<PlainRuns.Run> known = walk(octets, new LeafScan(), List.of());
            assertThat(known).isNotEmpty();
            byte[] without = written(octets, true);
            assertThat(Arrays.mismatch(written(octets, false), without)).isEqualTo(-1);
            comesToFileAlike(octets, known, without);
            comesToFileAlike(octets, List.of(), without);
        }
    }

    /** A file with LF gets what it would get of the canonical form. */
    private static void comesToFileAlike(byte[] mail, List<PlainRuns.Run> known, byte[] canonical) throws IOException {
        LeafScan scan = new LeafScan();
        walk(mail, scan, List.of());
        ByteArrayOutputStream hashed = new ByteArrayOutputStream();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (LineFeedOutput lineFeeds = new LineFeedOutput(file)) {
            EntityWriter writer = new EntityWriter(EntityOutput.of(hashed, lineFeeds), scan.encodings());
            walk(mail, writer, known);
            writer.finish();
        }
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (LineFeedOutput lineFeeds = new LineFeedOutput(expected)) {
            lineFeeds.write(canonical);
        }
        assertThat(Arrays.mismatch(hashed.toByteArray(), canonical)).isEqualTo(-1);
        assertThat(Arrays.mismatch(file.toByteArray(), expected.toByteArray())).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("come out as with one, whatever stands between them and wherever a read ends")
    void between(Odd odd) throws IOException {
        for (int shift : new int[] {-2, -1, 0, 1, 2}) {
            int before = 17 * READ_AT_ONCE + shift - TEXT.length();
            isWrittenAlike(TEXT + lines(before) + odd.text + lines(18 * READ_AT_ONCE) + odd.text + "end");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n",
                "Content-Type: application/pdf\r\n\r\n",
                "Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
                "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            })
    @DisplayName("come out as with one, whatever part of a mail they are in")
    void inParts(String part) throws IOException {
        String header = "Content-Type: multipart/mixed; boundary=b\r\n\r\nbefore\r\n--b\r\n";
        String body = lines(20 * READ_AT_ONCE);
        isWrittenAlike(header + part + body + "--b\r\n" + TEXT + body + "caf\u00e9\r\n--b--\r\nafter\r\n");
        isWrittenAlike(part + body);
        isWrittenAlike(part + body + "From a binary\0\r\n");
    }

    @Test
    @DisplayName("come out with CRLF, however they end")
    void canonical() throws IOException {
        String mail = TEXT + lines(1 << 21);
        assertThat(Arrays.mismatch(written(octets(mail.replace("\r\n", "\n")), false), octets(mail)))
                .isEqualTo(-1);
    }

    @Test
    @DisplayName("come out as they are inside of something binary")
    void binary() throws IOException {
        String header = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        String body = lines(1 << 21).replace("\r\n", "\n");
        String out = new String(written(octets(header + body), false), StandardCharsets.US_ASCII);
        byte[] decoded = Base64.getMimeDecoder().decode(out.substring(out.indexOf("\r\n\r\n") + 4));
        assertThat(Arrays.mismatch(decoded, octets(body))).isEqualTo(-1);
    }

    @Test
    @DisplayName("are noted from a megabyte on, with where they start")
    void notedWhenLong() throws IOException {
        String odd = "not plain, since a blank stands before this: \r\n";
        String mail = TEXT + lines((1 << 20) - 1) + odd + lines(1 << 21) + odd + lines(1 << 20) + odd;
        long first = TEXT.length() + (1 << 20) - 1 + odd.length();
        assertThat(walk(octets(mail), new LeafScan(), List.of()))
                .extracting(PlainRuns.Run::start, PlainRuns.Run::length)
                .containsExactly(tuple(first, 1L << 21), tuple(first + (1 << 21) + odd.length(), 1L << 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"another text", "a\r\n", ""})
    @DisplayName("are not signed when another program has changed the file in between")
    void changed(String other) throws IOException {
        String mail = "Subject: Hi\r\n" + TEXT + lines(1 << 21);
        int at = mail.length() - READ_AT_ONCE;
        String changed = mail.substring(0, at) + other + mail.substring(at + (other.isEmpty() ? READ_AT_ONCE : 12));
        Iterator<String> states = List.of(mail, mail, mail, changed, changed).iterator();
        Mail read = Mail.read(() -> new ByteArrayInputStream(octets(states.next())));
        assertThatThrownBy(() -> read.writeEntity(OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was changed by another program");
    }

    @Test
    @DisplayName("may come in pieces of any size")
    void trickling() throws IOException {
        byte[] mail = octets(TEXT + lines(1 << 21));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Mail.read(() -> trickling(mail)).writeEntity(out);
        assertThat(Arrays.mismatch(out.toByteArray(), mail)).isEqualTo(-1);
    }

    /** Gives what a pipe might give at a time. */
    private static InputStream trickling(byte[] octets) {
        return new ByteArrayInputStream(octets) {
            private int reads;

            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + reads++ * 7_919 % 10_007));
            }
        };
    }
}
