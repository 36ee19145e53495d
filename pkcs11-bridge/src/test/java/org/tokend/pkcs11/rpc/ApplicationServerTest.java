package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.pkcs11.cryptoki.CKR;

@Timeout(60)
class ApplicationServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final GatedCryptoki module = new GatedCryptoki();

    private static String session(long number) {
        return "%016x ".formatted(number);
    }

    /** What a thread of an application sends to sign, with the session's number in the data. */
    private static byte[] sign(int code, long session) {
        return WireText.frame(
                code, "client", 43, "uayfy", session(session) + "01 00000001 %02x 00000200".formatted(session));
    }

    private static String signature(long session) {
        return Conversation.hex("0000002b 00000002 'ay' 01 00000001 %02x".formatted(session));
    }

    @Test
    @DisplayName("While one thread waits for a slot event, five others are served")
    void besideABlockingWait() throws IOException {
        module.gate("waitForSlotEvent");
        try (LiveApplication application = LiveApplication.initialised(module.cryptoki(), 0)) {
            application.call(2, 65, "u", session(0));
            for (int thread = 3; thread <= 7; thread++) {
                application.send(sign(thread, thread));
            }
            List<Integer> served = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                LiveApplication.Reply reply = application.reply();
                assertThat(reply.body()).isEqualTo(signature(reply.code()));
                served.add(reply.code());
            }
            assertThat(served).containsExactlyInAnyOrder(3, 4, 5, 6, 7);
            module.letGo("waitForSlotEvent");
            assertThat(application.reply())
                    .isEqualTo(
                            new LiveApplication.Reply(2, Conversation.hex("00000041 00000001 'u' 0000000000000007")));
        }
    }

    @Test
    @DisplayName("Once an application has sent one call while another ran, its signatures are made side by side")
    void sideBySide() throws IOException {
        try (LiveApplication application = LiveApplication.initialised(module.cryptoki(), 0)) {
            ByteArrayOutputStream ahead = new ByteArrayOutputStream();
            IntStream.rangeClosed(1, 4).forEach(i -> ahead.writeBytes(sign(i, i)));
            application.send(ahead.toByteArray());
            for (int i = 0; i < 4; i++) {
                application.reply();
            }
            module.gate("sign");
            for (int i = 11; i <= 14; i++) {
                application.send(sign(i, i));
            }
            await().atMost(SOON).until(() -> begun("sign") == 8);
            IntStream.range(0, 4).forEach(i -> module.letGo("sign"));
            for (int i = 0; i < 4; i++) {
                LiveApplication.Reply reply = application.reply();
                assertThat(reply.body()).isEqualTo(signature(reply.code()));
            }
        }
    }

    private long begun(String function) {
        return module.events().stream()
                .filter(e -> e.startsWith(">" + function))
                .count();
    }

    @Test
    @DisplayName("Calls that name one session are made one after the other, in the order in which they came")
    void orderOfASession() throws IOException {
        module.gate("login");
        try (LiveApplication application = LiveApplication.initialised(module.cryptoki(), 0)) {
            application.call(2, 18, "uuay", session(17) + "0000000000000001 00 00000000");
            application.call(3, 13, "u", session(17));
            application.send(sign(4, 17));
            application.call(5, 11, "u", session(17));
            application.send(sign(6, 18));
            assertThat(application.reply().code()).isEqualTo(6);
            // Whoever reads on may be quicker than whoever logs in.
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(module.events()).containsExactlyInAnyOrder(">login 17", ">sign 18", "<sign 18"));
            module.letGo("login");
            assertThat(List.of(application.reply().code(), application.reply().code()))
                    .containsExactly(2, 3);
            assertThat(List.of(application.reply().code(), application.reply().code()))
                    .containsExactly(4, 5);
            assertThat(module.events())
                    .filteredOn(e -> e.endsWith(" 17"))
                    .containsExactly(
                            ">login 17",
                            "<login 17",
                            ">getSessionInfo 17",
                            "<getSessionInfo 17",
                            ">sign 17",
                            "<sign 17",
                            ">closeSession 17",
                            "<closeSession 17");
        }
    }

    @Test
    @DisplayName("C_Finalize waits for the calls before it, and those that wait for an event give up for it")
    void finalizeComesAlone() throws IOException {
        module.gate("waitForSlotEvent").gate("login");
        try (LiveApplication application = LiveApplication.initialised(module.cryptoki(), 0)) {
            application.call(2, 65, "u", session(0));
            application.call(3, 18, "uuay", session(17) + "0000000000000001 00 00000000");
            application.call(4, 2, "", "");
            application.call(5, 3, "", "");
            assertThat(application.reply())
                    .isEqualTo(new LiveApplication.Reply(2, Conversation.error(CKR.CRYPTOKI_NOT_INITIALIZED)));
            assertThat(begun("finish")).isZero();
            module.letGo("login");
            assertThat(application.reply().code()).isEqualTo(3);
            assertThat(application.reply())
                    .isEqualTo(new LiveApplication.Reply(4, Conversation.hex("00000002 00000000")));
            assertThat(application.reply())
                    .isEqualTo(new LiveApplication.Reply(5, Conversation.error(CKR.CRYPTOKI_NOT_INITIALIZED)));
            assertThat(module.events()).endsWith("<login 17", ">finish", "<finish");
            assertThat(application
                            .call(6, 1, "ayyay", Conversation.HANDSHAKE)
                            .reply()
                            .body())
                    .isEqualTo(Conversation.hex("00000001 00000000"));
        }
    }

    @Test
    @DisplayName("An application that dies in the middle ends its waiting calls; the server ends when all have ended")
    void deathInTheMiddle() throws IOException, InterruptedException {
        module.gate("waitForSlotEvent").gate("login");
        try (LiveApplication application = LiveApplication.initialised(module.cryptoki(), 0)) {
            application.call(2, 65, "u", session(0));
            application.call(3, 18, "uuay", session(17) + "0000000000000001 00 00000000");
            await().atMost(SOON).until(() -> begun("login") == 1);
            assertThat(application.leave(Duration.ofMillis(100))).isFalse();
            await().atMost(SOON).untilAsserted(() -> assertThat(module.events()).contains("!waitForSlotEvent 0"));
            module.letGo("login");
            assertThat(application.leave(SOON)).isTrue();
        }
    }

    @Test
    @DisplayName("A connection that was idle is served again")
    void afterIdling() throws IOException {
        module.gate("login");
        try (LiveApplication application = new LiveApplication(module.cryptoki(), 2, 20)) {
            application.call(1, 1, "ayyay", Conversation.HANDSHAKE).reply();
            for (int round = 0; round < 5; round++) {
                application.call(2, 18, "uuay", session(17) + "0000000000000001 01 ffffffff");
                application.send(sign(3, 18));
                assertThat(application.reply().code()).isEqualTo(3);
                module.letGo("login");
                assertThat(application.reply().code()).isEqualTo(2);
                int rests = application.rests();
                await().atMost(SOON).until(() -> application.rests() > rests);
                application.send(sign(4, 18));
                assertThat(application.reply().body()).isEqualTo(signature(18));
            }
        }
    }

    @Test
    @DisplayName("Nobody has to serve a connection before its first byte, nor one that rests inside a frame")
    void restsAnywhere() throws IOException {
        try (LiveApplication application = LiveApplication.silent(module.cryptoki(), 10)) {
            await().atMost(SOON).until(() -> application.rests() > 0);
            application.greet(2);
            application.call(1, 1, "ayyay", Conversation.HANDSHAKE).reply();
            byte[] frame = sign(2, 18);
            application.send(Arrays.copyOf(frame, 20));
            int rests = application.rests();
            await().atMost(SOON).until(() -> application.rests() > rests);
            application.send(Arrays.copyOfRange(frame, 20, frame.length));
            assertThat(application.reply().body()).isEqualTo(signature(18));
        }
    }

    @Test
    @DisplayName("A call that waits for an event keeps a thread, and its connection is served meanwhile")
    void eventWhileIdle() throws IOException {
        module.gate("waitForSlotEvent");
        try (LiveApplication application = new LiveApplication(module.cryptoki(), 2, 10)) {
            application.call(1, 1, "ayyay", Conversation.HANDSHAKE).reply();
            application.call(2, 65, "u", session(0));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(begun("waitForSlotEvent")).isEqualTo(1));
            for (int round = 0; round < 3; round++) {
                application.send(sign(3, 18));
                assertThat(application.reply().code()).isEqualTo(3);
            }
        }
    }

    @Test
    @DisplayName("Hundreds of calls in flight are all answered, each with its own answer")
    void manyInFlight() throws IOException {
        try (LiveApplication application = LiveApplication.initialised(module.cryptoki(), 0)) {
            int calls = 2_000;
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    for (int code = 0x10; code < 0x10 + calls; code++) {
                        application.send(
                                code % 7 == 0
                                        ? WireText.frame(
                                                code,
                                                "client",
                                                18,
                                                "uuay",
                                                session(1 + code % 5) + "0000000000000001 00 00000000")
                                        : sign(code, 1 + code % 5));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                LiveApplication.Reply reply = application.reply();
                codes.add(reply.code());
                assertThat(reply.body())
                        .isEqualTo(
                                reply.code() % 7 == 0
                                        ? Conversation.hex("00000012 00000000")
                                        : signature(1 + reply.code() % 5));
            }
            assertThat(codes).doesNotHaveDuplicates();
            IntStream.range(0, 5)
                    .forEach(session -> assertThat(codes)
                            .filteredOn(code -> code % 5 == session)
                            .isSorted());
            assertThat(application.defects()).isEmpty();
            assertThat(writer.isInterrupted()).isFalse();
        }
    }
}
