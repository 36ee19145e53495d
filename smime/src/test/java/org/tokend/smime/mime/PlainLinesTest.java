package org.tokend.smime.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
                "lone\rreturn\r\n",
                "feed alone\n",
                "two returns\r\r\n"
            })
    @DisplayName("end before one about which there is something, wherever it stands")
    void remarkable(String line) {
        for (int before = 0; before < 30; before++) {
            String plain = "x".repeat(before) + "\r\n";
            int found = found(plain + line + "after it\r\n".repeat(3));
            assertThat(found).as("%d before it", before).isIn(0, plain.length());
            assertThat(found(line + "after it\r\n".repeat(3))).isZero();
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
        String text = (line + "\r\n").repeat(20);
        assertThat(found(text + "12345678")).isEqualTo(text.length());
    }

    @Test
    @DisplayName("are at most as long as mail servers take")
    void length() {
        assertThat(found("x".repeat(998) + "\r\n12345678")).isEqualTo(1000);
        assertThat(found("x".repeat(999) + "\r\n12345678")).isZero();
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
        while (text.size() < least) {
            text.writeBytes("y".repeat(random.nextInt(120)).getBytes(StandardCharsets.US_ASCII));
            String end = random.nextInt(rare) > 0 ? "\r\n" : "\n\r\u00e9\0 -F".substring(random.nextInt(8));
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
