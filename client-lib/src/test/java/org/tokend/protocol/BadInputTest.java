package org.tokend.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {
    private static final String DIGEST = "\"input\":\"" + "A".repeat(43) + "=\"";
    private static final String GOOD =
            "\"key\":\"sha256:ab\",\"algorithm\":\"rsa-pkcs1-sha256\",\"kind\":\"digest\"," + DIGEST;

    /** What stands in the frame, and what the refusal must name. */
    static Stream<Arguments> frames() {
        return Stream.of(
                        frame("", "frame"),
                        frame("[]", "frame"),
                        frame("null", "frame"),
                        frame("\"x\"", "frame"),
                        frame("{", "not JSON"),
                        frame("{}", "\"method\" is missing"),
                        frame("{\"method\":7}", "\"method\" must be a string"),
                        frame("{\"method\":null}", "\"method\" is missing"),
                        frame(status() + "}{}", "goes on"),
                        frame(status() + "} x", "not JSON"),
                        frame(status() + ",\"method\":\"secret-value\"}", "\"method\" stands twice"),
                        frame(status() + ",\"more\":1}", "\"more\" must be true or false"),
                        frame(status() + ",\"more\":true,\"oneway\":true}", "exclude"),
                        frame(status() + ",\"upgrade\":true}", "\"upgrade\""),
                        frame(status() + ",\"pin\":\"secret-value\"}", "\"pin\" is unknown"),
                        frame(status() + ",\"parameters\":[]}", "\"parameters\" must be an object"),
                        frame(status() + ",\"parameters\":{\"pin\":\"secret-value\"}}", "\"pin\" is unknown"),
                        frame(
                                status() + ",\"parameters\":" + "{\"a\":".repeat(8) + "1" + "}".repeat(9),
                                "nested deeper"),
                        frame(status() + ",\"parameters\":{\"a\":" + "[".repeat(100_000), "nested deeper"),
                        frame(status() + ",\"" + "n".repeat(300) + "\":1}", "too long"),
                        frame(status() + ",\"ä\\n\":1}", "\"??\" is unknown"),
                        frame("{\"method\":\"org.tokend.Token.Watch\"}", "\"more\" must be true"),
                        frame("{\"method\":\"org.tokend.Token.Unlock\"}", "\"token\" is missing"),
                        frame("{\"method\":\"org.tokend.Token.Unlock\",\"parameters\":{\"token\":null}}", "\"token\""),
                        sign("", "\"algorithm\" is missing"),
                        sign(GOOD + "," + DIGEST, "\"input\" stands twice"),
                        sign(GOOD + ",\"input\":null", "\"input\" stands twice"),
                        sign(GOOD + ",\"keyId\":\"secret-value\"", "\"keyId\" is unknown"),
                        sign(GOOD.replace("rsa-pkcs1-sha256", "secret-value"), "\"algorithm\" must be one of"),
                        sign(GOOD.replace("rsa-pkcs1-sha256", "rsa-oaep-sha1"), "\"algorithm\" must be one of"),
                        sign(GOOD.replace("rsa-pkcs1-sha256", "rsa-pkcs1-sha512"), "64 bytes for rsa-pkcs1-sha512"),
                        sign(GOOD.replace("\"digest\"", "\"secret-value\""), "\"kind\""),
                        sign(GOOD.replace("AAAA", "A*AA"), "\"input\" is not base64"),
                        sign(GOOD.replace("A=", "A"), "\"input\" is not base64"),
                        sign(GOOD.replace("AAAA", "A-_A"), "\"input\" is not base64"),
                        sign(GOOD.replace("\"sha256:ab\"", "{}"), "\"key\" must be a string"),
                        sign(GOOD.replace("sha256:ab", "k".repeat(1025)), "\"key\" is longer than 1024"),
                        sign(GOOD.replace("sha256:ab", "a\\u0007b"), "\"key\" has control characters"),
                        sign(GOOD.replace("sha256:ab", "a\\ud800b"), "\"key\" has control characters"),
                        sign(GOOD + ",\"purpose\":\"" + "p".repeat(201) + "\"", "\"purpose\" is longer than 200"),
                        sign(GOOD + ",\"purpose\":\"a\\nOK\"", "\"purpose\" has control characters"),
                        decrypt("\"length\":-1", "\"length\" must lie between 0 and"),
                        decrypt("\"length\":4294967328", "\"length\" must lie between 0 and"),
                        decrypt("\"length\":1e2", "\"length\" must be an integer"),
                        decrypt("\"length\":32.0", "\"length\" must be an integer"),
                        decrypt("\"length\":\"32\"", "\"length\" must be an integer"),
                        decrypt("\"length\":" + "9".repeat(19), "\"length\" must lie between"),
                        decrypt("\"length\":" + "9".repeat(500), "too long"))
                .flatMap(List::stream);
    }

    private static String status() {
        return "{\"method\":\"org.tokend.Token.Status\"";
    }

    private static List<Arguments> frame(String json, String names) {
        return List.of(Arguments.of(json, names));
    }

    private static List<Arguments> sign(String parameters, String names) {
        return frame("{\"method\":\"org.tokend.Token.Sign\",\"parameters\":{" + parameters + "}}", names);
    }

    private static List<Arguments> decrypt(String length, String names) {
        return frame(
                "{\"method\":\"org.tokend.Token.Decrypt\",\"parameters\":{\"key\":\"k\",\"algorithm\":\"rsa-pkcs1\","
                        + "\"ciphertext\":\"AAAA\"," + length + "}}",
                names);
    }

    @ParameterizedTest
    @MethodSource("frames")
    @DisplayName("A bad frame is refused with an error that names the field and never the value")
    void refused(String frame, String names) {
        assertThatThrownBy(() -> MessageCodec.decodeRequest(Messages.json(frame)))
                .isInstanceOfSatisfying(MessageException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(refusal).hasMessageContaining(names);
                    assertThat(refusal.getMessage())
                            .doesNotContain("secret-value")
                            .hasSizeLessThan(400);
                });
    }
}
