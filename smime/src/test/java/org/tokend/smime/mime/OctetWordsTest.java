package org.tokend.smime.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A look at eight octets at a time")
class OctetWordsTest {

    private final Random random = new Random(17);
    private byte[] bytes = {};
    private int from;
    private int end;

    @BeforeEach
    void makeOctets() {
        bytes = new byte[40];
    }

    private void choose(String alphabet) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        from = random.nextInt(bytes.length);
        end = from + random.nextInt(bytes.length + 1 - from);
    }

    @Test
    @DisplayName("finds the first such octet where it is asked to look, and no other")
    void indexOf() {
        for (int round = 0; round < 20_000; round++) {
            choose("\n\u000b\t\0xxxxxxxxxxxxxxxxxxxxxxxxxxxx\u00ff\u008a");
            int expected = -1;
            for (int i = end - 1; i >= from; i--) {
                expected = bytes[i] == '\n' ? i : expected;
            }
            assertThat(OctetWords.indexOf((byte) '\n', bytes, from, end))
                    .as("%s from %d to %d", Arrays.toString(bytes), from, end)
                    .isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("finds how far octets are plain, and stops less than a word before the first that is not, or the end")
    void plainUntil() {
        for (int round = 0; round < 20_000; round++) {
            choose("\r\0\u0001\n\t xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u00e9");
            int expected = end;
            for (int i = end - 1; i >= from; i--) {
                expected = bytes[i] <= 0 || bytes[i] == '\r' ? i : expected;
            }
            assertThat(OctetWords.plainUntil(bytes, from, end))
                    .as("%s from %d to %d", Arrays.toString(bytes), from, end)
                    .isBetween(Math.max(from, expected - 7), expected);
        }
    }
}
