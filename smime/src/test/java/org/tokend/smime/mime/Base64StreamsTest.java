package org.tokend.smime.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Base64 in a stream")
class Base64StreamsTest {

    private final Random random = new Random(4711);

    private static byte[] decoded(byte[] text) throws IOException {
        try (InputStream in = new Base64Input(new ByteArrayInputStream(text))) {
            return in.readAllBytes();
        }
    }

    private static byte[] decoded(String text) throws IOException {
        return decoded(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private byte[] content(int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 47, 48, 49, 1000, 24_575, 24_576, 24_577, 49_152, 200_000})
    @DisplayName("is written as the JDK writes it, and read back, whatever the pieces")
    void sameAsJdk(int length) throws IOException {
        byte[] content = content(length);
        for (int line : new int[] {64, 76}) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            try (Base64Output out = new Base64Output(text, line)) {
                for (int from = 0; from < length; ) {
                    int step = Math.min(1 + random.nextInt(20_000), length - from);
                    out.write(content, from, step);
                    from += step;
                }
            }
            assertThat(text.toByteArray())
                    .isEqualTo(
                            Base64.getMimeEncoder(line, new byte[] {'\r', '\n'}).encode(content));
            assertThat(decoded(text.toByteArray())).isEqualTo(content);
        }
    }

    @Test
    @DisplayName("is read as the JDK reads it when anything stands between its characters")
    void passedOver() throws IOException {
        for (int round = 0; round < 200; round++) {
            byte[] content = content(random.nextInt(150_000));
            byte[] clean = Base64.getEncoder().encode(content);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            int rare = 1 + random.nextInt(round % 2 == 0 ? 100 : 30_000);
            for (byte b : clean) {
                // The JDK wants two characters of padding side by side, and so does this.
                if (b != '=' && random.nextInt(rare) == 0) {
                    text.write(" \t\r\n\0.:\u00e9".charAt(random.nextInt(8)));
                }
                text.write(b);
            }
            assertThat(decoded(text.toByteArray())).isEqualTo(content);
            assertThat(decoded(text.toByteArray()))
                    .isEqualTo(Base64.getMimeDecoder()
                            .wrap(new ByteArrayInputStream(text.toByteArray()))
                            .readAllBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"YWJj-ZGVm", "YWJj\r\n-----END CMS-----\r\n", "YWJj\n--boundary\nYWJj", "Y W\tJ.j -"})
    @DisplayName("ends where a dash appears")
    void dash(String text) throws IOException {
        assertThat(decoded(text)).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("ends with its padding, wherever a chunk ends")
    void padding() throws IOException {
        for (int length = 49_140; length < 49_160; length++) {
            byte[] content = content(length);
            String text = Base64.getEncoder().encodeToString(content);
            String after = text.endsWith("=") ? "QUJD".repeat(30_000) : "";
            assertThat(decoded(text + after)).isEqualTo(content);
        }
        assertThat(decoded("YWI=QUJD")).isEqualTo("ab".getBytes(StandardCharsets.US_ASCII));
        assertThat(decoded("YWI")).isEqualTo("ab".getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"YWJjY", "YWJjY=", "YWJj=", "YWJjYQ=", "YWJjYQ=x", "="})
    @DisplayName("that is cut off, or padded in the wrong place, is an error")
    void damaged(String text) {
        assertThatThrownBy(() -> decoded(text)).isInstanceOf(IOException.class);
    }
}
