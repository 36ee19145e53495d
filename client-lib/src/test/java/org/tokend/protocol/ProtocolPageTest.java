package org.tokend.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What docs/protocol.md says is what the codec does. */
class ProtocolPageTest {
    private final String page = Files.readString(Path.of("../docs/protocol.md"), StandardCharsets.UTF_8);

    ProtocolPageTest() throws IOException {}

    @Test
    @DisplayName("Every example is a call that is understood, or an answer to the call before it")
    void examples() throws Exception {
        Request asked = new Status();
        List<Reply> answers = new ArrayList<>();
        for (String line : page.lines().filter(line -> line.startsWith("{")).toList()) {
            byte[] frame = line.getBytes(StandardCharsets.UTF_8);
            if (line.startsWith("{\"method\"")) {
                asked = MessageCodec.decodeRequest(frame).request();
            } else {
                answers.add(MessageCodec.decodeReply(asked, frame));
            }
        }
        assertThat(answers).hasSize(5).hasAtLeastOneElementOfType(Reply.Signature.class);
        assertThat(answers)
                .hasAtLeastOneElementOfType(Reply.Event.class)
                .hasAtLeastOneElementOfType(Reply.Failure.class);
    }

    @Test
    @DisplayName("Every method, algorithm hash, error and kind of event is there, with the right word on retrying")
    void complete() {
        for (String method : Messages.methods()) {
            assertThat(page).contains(method.substring(method.lastIndexOf('.') + 1));
        }
        for (Reply.Event.Kind kind : Reply.Event.Kind.values()) {
            if (kind != Reply.Event.Kind.OTHER) {
                assertThat(page).contains("`" + kind.wireName() + "`");
            }
        }
        for (ErrorCode code : ErrorCode.values()) {
            if (code != ErrorCode.UNKNOWN_METHOD) {
                assertThat(page)
                        .containsPattern("\\|[^|\\n]*`" + code.wireName() + "`[^|\\n]*\\| "
                                + (code.mayRetry() ? "yes" : "no") + " \\|");
            }
        }
    }
}
