package org.tokend.pkcs11.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("A host that stands ready")
class SpareHostTest {
    private static final ModuleSettings SETTINGS = ModuleSettings.of("spare", Path.of("/nonexistent/module.so"));

    private SpareHost spare = new SpareHost(SETTINGS, Duration.ofHours(1));

    @AfterEach
    void drop() {
        spare.drop();
    }

    @Test
    @DisplayName("It is there from the start on, is handed out once, and another one takes its place")
    void taken() throws Exception {
        spare.fit();
        assertThat(spare.isReady()).isTrue();
        HostProcess taken = spare.take();
        assertThat(spare.isReady()).isFalse();
        assertThat(taken.alive()).isTrue();
        end(taken);
        spare.fit();
        assertThat(spare.isReady()).isTrue();
    }

    @Test
    @DisplayName("It goes when the module has not been used for long, and comes back with the next use")
    void onlyWhileUsed() {
        spare = new SpareHost(SETTINGS, Duration.ofSeconds(2));
        spare.fit();
        assertThat(spare.isReady()).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            spare.fit();
            return !spare.isReady();
        });
        spare.used();
        spare.fit();
        assertThat(spare.isReady()).isTrue();
    }

    @Test
    @DisplayName("One that has ended is replaced")
    void ended() throws Exception {
        spare.fit();
        HostProcess first = spare.take();
        end(first);
        HostProcess second = spare.take();
        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(second.alive()).isTrue();
        end(second);
    }

    private static void end(HostProcess host) {
        assertThat(host.end()).isEqualTo("killed by signal 9");
        host.closeFrom(0);
    }
}
