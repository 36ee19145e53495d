package org.tokend.smime.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.smime.mime.LineReader.Ending;

@DisplayName("Lines about which there is nothing to decide")
class PlainLinesTest {

    private static int found(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new PlainLines(bytes).find(0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--boundary\r\n",
                "From me\r\n",
                "blank at its end \r\n",
                "tab at its end\t\r\n",
                "caf\u00e9\r\n",
                "nul\0\r\n",
                "lone\rreturn\r\n"
            })
    @DisplayName("end before one about which there is something, wherever it stands")
    void remarkable(String line) {
        endBefore(line, "\r\n");
        endBefore(line.replaceFirst("\r\n$", "\n"), "\n");
        assertThat(found(line + "after it\r\n".repeat(3))).isZero();
        assertThat(found(line.replaceFirst("\r\n$", "\n") + "after it\n".repeat(3)))
                .isZero();
    }

    private static void endBefore(String line, String end) {
        for (int before = 0; before < 30; before++) {
            String plain = "x".repeat(before) + end;
            int found = found(plain + line + ("after it" + end).repeat(3));
            assertThat(found).as("%d before it", before).isIn(0, plain.length());
        }
    }

    @Test
    @DisplayName("end before one that ends in another way")
    void otherEnd() {
        endBefore("feed alone\n", "\r\n");
        endBefore("two returns\r\r\n", "\r\n");
        assertThat(found("two returns\r\r\n" + "after it\r\n".repeat(3))).isZero();
        endBefore("return and feed\r\n", "\n");
        endBefore("\r\n", "\n");
        endBefore("\n", "\r\n");
    }

    @Test
    @DisplayName("are found from wherever a line starts, whatever stands before")
    void start() {
        for (String end : List.of("\r\n", "\n")) {
            for (int before = 0; before < 20; before++) {
                byte[] bytes = ("\r\n\0\u00e9".repeat(5).substring(0, before) + ("plain" + end).repeat(9) + "12345678")
                        .getBytes(StandardCharsets.ISO_8859_1);
                PlainLines lines = new PlainLines(bytes);
                assertThat(lines.find(before, bytes.length)).isEqualTo(bytes.length - 8);
                assertThat(lines.count()).isEqualTo(9);
                assertThat(lines.ending()).isEqualTo(end.equals("\n") ? Ending.LF : Ending.CRLF);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "- one dash",
                "Fro",
                "From",
                "From\u0001x",
                "F",
                " From here",
                ".",
                "\f\f",
                "\u000b\u007f"
            })
    @DisplayName("are all others")
    void plain(String line) {
        for (String end : List.of("\r\n", "\n")) {
            String text = (line + end).repeat(20);
            assertThat(found(text + "12345678")).isEqualTo(text.length());
        }
    }

    @Test
    @DisplayName("are at most as long as mail servers take")
    void length() {
        assertThat(found("x".repeat(998) + "\r\n12345678")).isEqualTo(1000);
        assertThat(found("x".repeat(999) + "\r\n12345678")).isZero();
        assertThat(found("x".repeat(998) + "\n12345678")).isEqualTo(999);
        assertThat(found("x".repeat(999) + "\n12345678")).isZero();
    }

    @Test
    @DisplayName("come with all others in their order, and nothing is lost or added")
    void together() throws IOException {
        Random random = new Random(815);
        for (int round = 0; round < 300; round++) {
            byte[] text = text(random, random.nextInt(300_000));
            LineReader in = new LineReader(trickling(text, random));
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            while (in.nextLines()) {
                seen.write(in.bytes(), in.offset(), in.length());
                String end = in.ending() == Ending.NONE ? "" : in.ending() == Ending.LF ? "\n" : "\r\n";
                seen.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(seen.toByteArray()).isEqualTo(text);
        }
    }

    private static byte[] text(Random random, int least) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int rare = 1 + random.nextInt(500);
        String usual = random.nextBoolean() ? "\r\n" : "\n";
        while (text.size() < least) {
            text.writeBytes("y".repeat(random.nextInt(120)).getBytes(StandardCharsets.US_ASCII));
            String end = random.nextInt(rare) > 0 ? usual : "\n\r\u00e9\0 -F".substring(random.nextInt(8));
            text.writeBytes(end.getBytes(StandardCharsets.ISO_8859_1));
        }
        return text.toByteArray();
    }

    /** Gives what a pipe might give at a time. */
    private static ByteArrayInputStream trickling(byte[] text, Random random) {
        return new ByteArrayInputStream(text) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(100_000)));
            }
        };
    }
}
