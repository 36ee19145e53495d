package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("Frames made by hand, as clients of each version of p11-kit send them")
@Timeout(180)
class EveryCallByHandIT {
    private static final long CKR_DEVICE_ERROR = 0x30;
    private static final long CKR_CRYPTOKI_NOT_INITIALIZED = 0x190;
    private static final long SERIAL_SESSION = 4;

    /** What an application without any right but those by default gets done, with the arguments of the table. */
    private static final Set<Integer> DONE = Set.of(1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 18, 26, 64);

    @TempDir
    private static Path directory;

    private static ApplicationDesk desk;
    private static Path socket;

    @BeforeAll
    static void start() throws IOException {
        desk = new ApplicationDesk(directory, builder -> {}, TestKey.P256_A);
        socket = desk.socket();
    }

    @AfterAll
    static void stop() {
        desk.close();
    }

    private static long slot(HandMadeConnection connection) throws IOException {
        var slots = connection.call(4, "yfu", new byte[] {1, 0, 0, 0, 8}).arguments();
        assertThat(slots.get(0)).as("whether slots follow").isEqualTo((byte) 1);
        assertThat(slots.getInt(1)).as("slots with a token").isEqualTo(1);
        return slots.getLong(5);
    }

    private static long session(HandMadeConnection connection, long slot) throws IOException {
        byte[] arguments = java.nio.ByteBuffer.allocate(16)
                .putLong(slot)
                .putLong(SERIAL_SESSION)
                .array();
        return connection.call(10, "uu", arguments).number();
    }

    private static void assertServes(HandMadeConnection connection, int id) throws IOException {
        HandMadeConnection.Reply info = connection.call(3, "", new byte[0]);
        if (id == 2) {
            assertThat(info.ckr()).isEqualTo(CKR_CRYPTOKI_NOT_INITIALIZED);
        } else {
            assertThat(info.signature()).as("of C_GetInfo after call %d", id).isEqualTo("vsusv");
        }
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 1, 2})
    @DisplayName("Every call is answered with its own reply or with a CKR, and the connection goes on")
    void everyCall(int version) throws IOException {
        assertThat(CallTable.all()).hasSize(89);
        for (CallTable.Shape shape : CallTable.all()) {
            try (HandMadeConnection connection = new HandMadeConnection(socket, version)) {
                assertThat(connection
                                .send(HandMadeConnection.initialize())
                                .reply()
                                .ckr())
                        .isZero();
                long slot = slot(connection);
                long session = session(connection, slot);
                byte[] arguments = shape.id() == 1 ? initialize() : shape.arguments(slot, session);
                HandMadeConnection.Reply reply = connection.call(shape.id(), shape.request(), arguments);
                if (reply.ckr() == 0) {
                    assertThat(reply.id()).isEqualTo(shape.id());
                    assertThat(reply.signature())
                            .as("reply to call %d", shape.id())
                            .isEqualTo(shape.reply());
                } else {
                    assertThat(reply.signature()).isEqualTo("u");
                    assertThat(DONE).as("calls that are done").doesNotContain(shape.id());
                }
                assertServes(connection, shape.id());
            }
        }
    }

    private static byte[] initialize() {
        byte[] frame = HandMadeConnection.initialize();
        int header = 12 + 8 + "ayyay".length();
        return java.util.Arrays.copyOfRange(frame, header, frame.length);
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 1, 2})
    @DisplayName("Before C_Initialize each of them says so; calls that do not exist cost nothing but an error")
    void outOfPlace(int version) throws IOException {
        try (HandMadeConnection connection = new HandMadeConnection(socket, version)) {
            for (CallTable.Shape shape : CallTable.all().subList(1, 89)) {
                assertThat(connection
                                .call(shape.id(), shape.request(), shape.arguments(1, 1))
                                .ckr())
                        .as("CKR of call %d", shape.id())
                        .isEqualTo(CKR_CRYPTOKI_NOT_INITIALIZED);
            }
            assertThat(connection.send(HandMadeConnection.initialize()).reply().ckr())
                    .isZero();
            for (int id : new int[] {0, 90, 1_000, Integer.MAX_VALUE - 0x100, -1}) {
                assertThat(connection.call(id, "u", new byte[8]).ckr()).isEqualTo(CKR_DEVICE_ERROR);
            }
            for (CallTable.Shape shape : CallTable.all()) {
                assertThat(connection.call(shape.id(), "sss", new byte[0]).ckr())
                        .as("CKR of call %d with another signature", shape.id())
                        .isEqualTo(CKR_DEVICE_ERROR);
            }
            assertServes(connection, 0);
        }
    }
}
