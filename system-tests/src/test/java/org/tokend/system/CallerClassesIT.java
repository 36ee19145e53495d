package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestKey;

/** One program under five names, about each of which the configuration says something else. */
@DisplayName("An application")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class CallerClassesIT {
    private static final long CKR_ACTION_PROHIBITED = 0x1b;
    private static final long CKR_FUNCTION_NOT_SUPPORTED = 0x54;
    private static final long CKA_LABEL = 3;
    private static final long SECURITY_OFFICER = 0;

    @TempDir
    static Path directory;

    private ApplicationDesk desk;

    @BeforeAll
    void start() throws IOException {
        String rules = """
                [[application]]
                programs = ["%1$s/manages"]
                profile = "manage"

                [[application]]
                programs = ["%1$s/sees-no-ec"]
                keys = ["pkcs11:object=p256-a"]
                keys-may = ["hidden"]

                [[application]]
                programs = ["%1$s/lists"]
                keys-may = ["listed"]

                [[application]]
                programs = ["%1$s/has-one-mechanism"]
                mechanisms = ["CKM_ECDSA"]
                """.formatted(directory.toRealPath());
        desk = new ApplicationDesk(directory, builder -> builder.tables(rules), TestKey.RSA_2048_A, TestKey.P256_A);
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    private NativeApplication named(String name) throws IOException {
        Path program = directory.toRealPath().resolve(name);
        if (!program.toFile().exists()) {
            NativeApplication.copy(program);
        }
        return NativeApplication.start(program, ApplicationDesk.clientModule(), desk.environment());
    }

    private static List<String> labels(NativeApplication application, long session) {
        return application.call("find", session, "-").succeeded().numbers().stream()
                .map(object -> application
                        .call("attribute", session, object, CKA_LABEL)
                        .succeeded()
                        .bytes())
                .map(label -> new String(label, StandardCharsets.UTF_8))
                .toList();
    }

    private long recorded(String program, String function) {
        return desk.daemon()
                .audit()
                .lines()
                .filter(line -> line.contains("/" + program + "\""))
                .filter(line -> line.contains(function))
                .count();
    }

    @Nested
    @DisplayName("of which the configuration says nothing")
    class Unnamed {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "C_CreateObject",
                    "C_CopyObject",
                    "C_DestroyObject",
                    "C_SetAttributeValue",
                    "C_GenerateKey",
                    "C_GenerateKeyPair",
                    "C_WrapKey",
                    "C_UnwrapKey",
                    "C_InitPIN",
                    "C_SetPIN",
                    "C_InitToken"
                })
        @DisplayName("changes nothing on the token, and the audit says that it tried")
        void refused(String function) throws Exception {
            try (NativeApplication application = named("unnamed")) {
                application.begin();
                long session = application.openReadWrite(application.slotOfBegin());
                long key = application.privateKey(session, TestKey.RSA_2048_A.defaultLabel());
                long publicKey = application
                        .call("find", session, 2, ":" + TestKey.RSA_2048_A.defaultLabel())
                        .numbers()
                        .getFirst();
                List<String> before = labels(application, session);
                long records = recorded("unnamed", function);
                assertThat(application
                                .call("administer", application.slotOfBegin(), session, key, publicKey, ":" + function)
                                .ckr())
                        .isIn(CKR_ACTION_PROHIBITED, CKR_FUNCTION_NOT_SUPPORTED);
                assertThat(labels(application, session)).containsExactlyInAnyOrderElementsOf(before);
                assertThat(recorded("unnamed", function)).isEqualTo(records + 1);
            }
        }

        @Test
        @DisplayName("is not logged in as security officer, and its PIN does not reach the token")
        void noOfficer() throws Exception {
            try (NativeApplication application = named("unnamed")) {
                assertThat(application.initialize()).isZero();
                long session = application.openReadWrite(application.slot());
                int pins = desk.module().pinTags().size();
                assertThat(application
                                .call("login", session, SECURITY_OFFICER, ":guess")
                                .ckr())
                        .isIn(CKR_ACTION_PROHIBITED, CKR_FUNCTION_NOT_SUPPORTED);
                assertThat(desk.module().pinTags()).hasSize(pins);
            }
        }

        @Test
        @DisplayName("that sends a PIN is logged in by the person's, and its own reaches nobody")
        void ownPin() throws Exception {
            try (NativeApplication application = named("unnamed")) {
                assertThat(application.initialize()).isZero();
                long session = application.open(application.slot());
                assertThat(application
                                .call("login", session, NativeApplication.USER, ":wrong")
                                .ckr())
                        .isZero();
                assertThat(new TreeSet<>(desk.module().pinTags()))
                        .containsExactly(desk.module().tagOf(desk.token().pin()));
            }
        }

        @Test
        @DisplayName("sees no mechanism that would send whole mails through the token")
        void mechanisms() throws Exception {
            try (NativeApplication application = named("unnamed")) {
                assertThat(application.initialize()).isZero();
                List<Long> offered = application
                        .call("mechanisms", application.slot())
                        .succeeded()
                        .numbers();
                assertThat(offered)
                        .contains(0x1L, 0x6L, 0x40L, 0xdL, 0x1041L)
                        .doesNotContain(0x3L, 0x1081L, 0x1082L, 0x1085L);
            }
        }
    }

    @Test
    @DisplayName("with the profile \"manage\" makes, changes and deletes keys and data")
    void manages() throws Exception {
        try (NativeApplication application = named("manages")) {
            application.begin();
            long slot = application.slotOfBegin();
            long session = application.openReadWrite(slot);
            int objects = labels(application, session).size();
            application
                    .call("administer", slot, session, 0, 0, ":C_CreateObject")
                    .succeeded();
            application
                    .call("administer", slot, session, 0, 0, ":C_GenerateKeyPair")
                    .succeeded();
            assertThat(labels(application, session)).hasSize(objects + 3).contains("written");
            for (long made : application
                    .call("find", session, "-", ":written")
                    .succeeded()
                    .numbers()) {
                application
                        .call("administer", slot, session, made, 0, ":C_DestroyObject")
                        .succeeded();
            }
            assertThat(labels(application, session)).hasSize(objects);
            assertThat(recorded("manages", "C_GenerateKeyPair")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("from which a key is hidden finds neither it nor its certificate by any search, and uses the others")
    void hidden() throws Exception {
        try (NativeApplication application = named("sees-no-ec")) {
            long session = application.begin();
            assertThat(labels(application, session))
                    .contains("rsa-2048-a", "issuing")
                    .doesNotContain("p256-a");
            assertThat(application.call("find", session, "-", ":p256-a").lines())
                    .isEmpty();
            for (long type = 0; type <= 4; type++) {
                assertThat(application.call("find", session, type, ":p256-a").lines())
                        .isEmpty();
            }
            long key = application.privateKey(session, "rsa-2048-a");
            application
                    .call("sign", session, key, 1, ":" + HexFormat.of().formatHex(new byte[20]))
                    .succeeded();
        }
    }

    @Test
    @DisplayName(
            "that may only list keys sees them by certificate and public key, and is not logged in, which asks nobody")
    void lists() throws Exception {
        try (NativeApplication application = named("lists")) {
            assertThat(application.initialize()).isZero();
            long session = application.open(application.slot());
            assertThat(labels(application, session)).contains("p256-a", "rsa-2048-a");
            assertThat(application.login(session)).isEqualTo(CKR_ACTION_PROHIBITED);
            assertThat(application
                            .call("find", session, NativeApplication.CKO_PRIVATE_KEY)
                            .lines())
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("with one mechanism is offered that, and is refused others")
    void oneMechanism() throws Exception {
        try (NativeApplication application = named("has-one-mechanism")) {
            long session = application.begin();
            assertThat(application
                            .call("mechanisms", application.slotOfBegin())
                            .succeeded()
                            .numbers())
                    .containsExactly(NativeApplication.CKM_ECDSA);
            byte[] digest = new byte[32];
            ApplicationDesk.assertSigned(
                    digest,
                    application
                            .sign(session, application.privateKey(session, "p256-a"), digest)
                            .succeeded()
                            .bytes());
            long rsa = application.privateKey(session, "rsa-2048-a");
            assertThat(application.call("sign", session, rsa, 1, ":00").ckr()).isEqualTo(0x70);
        }
    }
}
