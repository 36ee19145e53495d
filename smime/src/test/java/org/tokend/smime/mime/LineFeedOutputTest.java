package org.tokend.smime.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A mail that goes to a file with LF")
class LineFeedOutputTest {

    @Test
    @DisplayName("loses the CR of each CRLF and nothing else, whatever the pieces in which it comes")
    void onlyReturns() throws IOException {
        Random random = new Random(42);
        for (int round = 0; round < 100; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60_000); i > 0; i--) {
                text.append(random.nextInt(20) > 0 ? "z" : "\r\n\r\r\n".substring(random.nextInt(5)));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try (LineFeedOutput out = new LineFeedOutput(file)) {
                for (int from = 0; from < bytes.length; ) {
                    int step = Math.min(1 + random.nextInt(40_000), bytes.length - from);
                    out.write(bytes, from, step);
                    from += step;
                }
            }
            assertThat(file.toString(StandardCharsets.US_ASCII))
                    .isEqualTo(text.toString().replace("\r\n", "\n"));
        }
    }
}
