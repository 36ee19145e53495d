package org.tokend.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.protocol.Messages.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final RecursiveComparisonConfiguration BY_CONTENT = RecursiveComparisonConfiguration.builder()
            .withStrictTypeChecking(true)
            .withIgnoreCollectionOrder(false)
            .build();

    static Stream<Request> requests() {
        return Messages.requests().stream();
    }

    static Stream<Messages.Answer> answers() {
        return Messages.answers().stream();
    }

    @ParameterizedTest
    @MethodSource("requests")
    @DisplayName("A request comes back from its bytes as it was, for every kind of request")
    void requestRoundTrip(Request request) throws Exception {
        boolean watch = request instanceof Watch;
        for (Envelope envelope : new Envelope[] {
            new Envelope(request, true, false),
            new Envelope(request, watch, false),
            new Envelope(request, watch, !watch)
        }) {
            Envelope read = MessageCodec.decodeRequest(MessageCodec.encodeRequest(envelope));
            assertThat(read).usingRecursiveComparison(BY_CONTENT).isEqualTo(envelope);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    @DisplayName("A reply comes back from its bytes as it was, for every kind of reply")
    void replyRoundTrip(Messages.Answer answer) throws Exception {
        Reply read = MessageCodec.decodeReply(answer.request(), MessageCodec.encodeReply(answer.reply()));
        assertThat(read).usingRecursiveComparison(BY_CONTENT).isEqualTo(answer.reply());
    }

    @ParameterizedTest
    @MethodSource("answers")
    @DisplayName("A reply that is written as it is made has the same bytes, and the stream stays open")
    void writtenReply(Messages.Answer answer) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
            @Override
            public void close() {
                throw new AssertionError("the connection is still needed");
            }
        };
        MessageCodec.writeReply(answer.reply(), bytes);
        assertThat(bytes.toByteArray()).isEqualTo(MessageCodec.encodeReply(answer.reply()));
    }

    @Test
    @DisplayName("Every error code crosses the wire under its own name")
    void errors() throws Exception {
        for (ErrorCode code : ErrorCode.values()) {
            byte[] frame = MessageCodec.encodeReply(new Reply.Failure(code, "m"));
            assertThat(new String(frame, StandardCharsets.UTF_8))
                    .isEqualTo("{\"error\":\"org.tokend.Token." + code.wireName()
                            + "\",\"parameters\":{\"message\":\"m\",\"mayRetry\":" + code.mayRetry() + "}}");
            assertThat(MessageCodec.decodeReply(new Status(), frame)).isEqualTo(new Reply.Failure(code, "m"));
        }
    }

    @Test
    @DisplayName("A frame written by hand is read, whatever the order of its members and with optional ones left out")
    void byHand() throws Exception {
        String sign = "{\"parameters\" : {\"input\":\"" + "A".repeat(43) + "=\", \"kind\":\"digest\",\n"
                + "\"algorithm\":\"ecdsa-sha256\",\"key\":\"sha256:ab\"},\"method\":\"org.tokend.Token.Sign\"}";
        assertThat(MessageCodec.decodeRequest(json(sign)))
                .usingRecursiveComparison()
                .isEqualTo(new Envelope(
                        new Sign("sha256:ab", Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[32], ""),
                        false,
                        false));
        for (String rest : new String[] {"", ",\"parameters\":{}", ",\"parameters\":null", ",\"upgrade\":false"}) {
            assertThat(MessageCodec.decodeRequest(json("{\"method\":\"org.tokend.Token.Status\"" + rest + "}")))
                    .isEqualTo(new Envelope(new Status(), false, false));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "org.tokend.Token.Format | org.varlink.service.MethodNotFound | \"method\":\"org.tokend.Token.Format\"",
                "Sign                    | org.varlink.service.MethodNotFound | \"method\":\"Sign\"",
                "ä b                     | org.varlink.service.MethodNotFound | \"method\":\"??b\"",
            })
    @DisplayName("A method that does not exist is answered as every varlink client expects")
    void unknownMethod(String method, String error, String parameter) throws Exception {
        MessageException refusal = refusal("{\"method\":\"" + method + "\"}");
        assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_METHOD);
        byte[] frame = MessageCodec.encodeRefusal(refusal);
        assertThat(new String(frame, StandardCharsets.UTF_8)).contains(error, parameter, "\"mayRetry\":false");
        assertThat(MessageCodec.decodeReply(new Status(), frame)).isEqualTo(refusal.failure());
    }

    @Test
    @DisplayName("An interface that does not exist is answered as every varlink client expects")
    void unknownInterface() {
        MessageException refusal = refusal("{\"method\":\"org.varlink.service.GetInterfaceDescription\","
                + "\"parameters\":{\"interface\":\"org.example.Other\"}}");
        assertThat(new String(MessageCodec.encodeRefusal(refusal), StandardCharsets.UTF_8))
                .contains("org.varlink.service.InterfaceNotFound", "\"interface\":\"org.example.Other\"");
    }

    @Test
    @DisplayName("A newer daemon may say more than this library knows")
    void newerDaemon() throws Exception {
        assertThat(MessageCodec.decodeReply(
                        new Unlock("t"),
                        json("{\"parameters\":{\"extra\":{\"a\":[1,{}]}},\"continues\":false,\"x\":1}")))
                .isEqualTo(new Reply.Done());
        assertThat(MessageCodec.decodeReply(new Status(), json("{\"error\":\"org.tokend.Token.BrandNew\"}")))
                .isEqualTo(new Reply.Failure(ErrorCode.INTERNAL, "tokend answered org.tokend.Token.BrandNew"));
        Reply event = MessageCodec.decodeReply(
                new Watch(),
                json("{\"continues\":true,\"parameters\":{\"event\":{\"kind\":\"new-kind\",\"message\":\"m\","
                        + "\"time\":\"1970-01-01T00:00:00Z\"}}}"));
        assertThat(event).isEqualTo(new Reply.Event(Reply.Event.Kind.OTHER, null, "m", java.time.Instant.EPOCH));
    }

    @Test
    @DisplayName("100,000 damaged frames are read or refused, and nothing else happens")
    void fuzz() throws Exception {
        Random random = new Random(20261121);
        byte[][] seeds = Stream.concat(
                        requests()
                                .filter(r -> !(r instanceof Sign s && s.input().length > 100))
                                .map(r -> MessageCodec.encodeRequest(new Envelope(r, true, false))),
                        answers().map(a -> MessageCodec.encodeReply(a.reply())))
                .toArray(byte[][]::new);
        List<Request> asked = Messages.requests();
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] frame = damaged(seeds[random.nextInt(seeds.length)], seeds, random);
            try {
                MessageCodec.encodeRequest(MessageCodec.decodeRequest(frame));
                read++;
            } catch (MessageException e) {
                MessageCodec.encodeRefusal(e);
                assertThat(e.code()).isIn(ErrorCode.INVALID_REQUEST, ErrorCode.UNKNOWN_METHOD);
            }
            Request request =
                    Messages.requests().get(random.nextInt(Messages.requests().size()));
            try {
                MessageCodec.decodeReply(request, frame);
                read++;
            } catch (MessageException e) {
                assertThat(e).hasMessageMatching("[\\p{ASCII}§…]+");
            }
        }
        assertThat(read).as("damage that leaves a frame readable").isBetween(1_000, 150_000);
    }

    private static byte[] damaged(byte[] seed, byte[][] seeds, Random random) {
        byte[] frame = seed.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(frame.length);
            switch (random.nextInt(5)) {
                case 0 -> frame[at] = (byte) random.nextInt(256);
                case 1 -> frame[at] = (byte) "{}[]\",:\\0e-tn".charAt(random.nextInt(13));
                case 2 -> frame = Arrays.copyOf(frame, Math.max(1, at));
                case 3 -> frame[at] ^= (byte) (1 << random.nextInt(8));
                default -> {
                    byte[] other = seeds[random.nextInt(seeds.length)];
                    int from = random.nextInt(other.length);
                    int length = Math.min(other.length - from, frame.length - at);
                    System.arraycopy(other, from, frame, at, random.nextInt(length + 1));
                }
            }
        }
        return frame;
    }

    @Test
    @DisplayName("The interface descriptions are served for both interfaces and no other")
    void descriptions() throws Exception {
        for (String name : MessageCodec.INTERFACES) {
            assertThat(MessageCodec.interfaceDescription(name)).contains("interface " + name);
        }
        assertThatThrownBy(() -> MessageCodec.interfaceDescription("../x")).isInstanceOf(MessageException.class);
    }

    private static MessageException refusal(String frame) {
        try {
            MessageCodec.decodeRequest(json(frame));
        } catch (MessageException e) {
            return e;
        }
        throw new AssertionError("accepted: " + frame);
    }
}
