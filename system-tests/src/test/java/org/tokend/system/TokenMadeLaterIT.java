package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** SoftHSM looks for tokens when it is loaded, and never again. */
@Timeout(120)
class TokenMadeLaterIT {
    private SoftHsmToken token;
    private Path store;

    @BeforeEach
    void makeToken() throws IOException {
        token = SoftHsmToken.create("later");
        token.importKey(TestKey.P256_A);
        try (Stream<Path> stores = Files.list(token.directory().resolve("tokens"))) {
            store = stores.findAny().orElseThrow();
        }
    }

    @AfterEach
    void removeToken() {
        token.close();
    }

    private DaemonFixture startWithoutToken() throws IOException {
        DaemonFixture daemon = DaemonFixture.builder().token(token).start();
        assertThat(daemon.tokenctl("tokens").output()).doesNotContain("later");
        return daemon;
    }

    private static void awaitToken(DaemonFixture daemon) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(daemon.tokenctl("tokens").output())
                        .as(daemon.log())
                        .contains("later"));
    }

    @Test
    @DisplayName("A token that another program makes while tokend runs is there for who asks a little later")
    void madeLater() throws Exception {
        Path aside = Files.move(store, token.directory().resolve("aside"));
        try (DaemonFixture daemon = startWithoutToken()) {
            Files.move(aside, store);
            awaitToken(daemon);
            assertThat(daemon.tokenctl("keys").output()).contains(TestKey.P256_A.defaultLabel());
        }
    }

    @Test
    @DisplayName(
            "A token that another program was writing while the module was loaded is not lost until the next start")
    void missed() throws Exception {
        Path object = store.resolve("token.object");
        byte[] content = Files.readAllBytes(object);
        Files.write(object, new byte[0]);
        try (DaemonFixture daemon = startWithoutToken()) {
            Files.write(object, content);
            awaitToken(daemon);
        }
    }

    @Test
    @DisplayName("At its start tokend looks a second time by itself, and nobody is told of a restart")
    void atStart() throws Exception {
        Files.move(store, token.directory().resolve("aside"));
        try (DaemonFixture daemon = startWithoutToken()) {
            assertThat(daemon.log()).containsOnlyOnce("blank tokens only");
            assertThat(daemon.tokenctl("status", "--json").output()).contains("\"restarts\":0");
        }
    }
}
