package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.Version;
import org.tokend.pkcs11.token.ReaderSlot;

class ReloadingTest {
    private static final long SECOND = 1_000_000_000;
    private static final SlotInfo INFO = new SlotInfo("slot", "maker", 0, new Version(1, 0), new Version(1, 0));
    private static final ReaderSlot EMPTY = new ReaderSlot("m", 0, INFO, null, false);
    private static final ReaderSlot BLANK = new ReaderSlot("m", 1, INFO, null, true);
    private static final ReaderSlot FULL = new ReaderSlot("m", 2, INFO, new SoftwareToken("t"), false);

    private final Reloading reloading = new Reloading();

    private boolean isDue(long generation, long seconds, ReaderSlot... slots) {
        return reloading.isDue(List.of(slots), generation, seconds * SECOND);
    }

    @Test
    @DisplayName("A module that shows blank tokens only is loaded again at its start, once")
    void start() {
        assertThat(isDue(1, 0, BLANK)).isTrue();
        assertThat(isDue(2, 0, BLANK)).isFalse();
        assertThat(isDue(2, 100, BLANK)).isFalse();
    }

    @Test
    @DisplayName("Not at its start when it showed a token there")
    void later() {
        assertThat(isDue(1, 0, FULL)).isFalse();
        assertThat(isDue(1, 1, BLANK)).isFalse();
    }

    @Test
    @DisplayName("After that it is loaded again once a program has come, not at once")
    void visited() {
        assertThat(isDue(0, 0, BLANK)).isTrue();
        assertThat(isDue(1, 0, BLANK)).isFalse();
        assertThat(isDue(1, 100, BLANK)).isFalse();
        reloading.visited();
        assertThat(isDue(1, 101, EMPTY, BLANK)).isTrue();
        reloading.visited();
        assertThat(isDue(2, 101, BLANK)).isFalse();
        assertThat(isDue(2, 102, BLANK)).isFalse();
        assertThat(isDue(2, 106, BLANK)).isTrue();
        assertThat(isDue(3, 1000, BLANK)).isFalse();
    }

    @Test
    @DisplayName("Not one that shows a token besides, or none at all")
    void others() {
        reloading.visited();
        for (int seconds = 0; seconds < 100; seconds++) {
            assertThat(isDue(1, seconds, BLANK, FULL)).isFalse();
            assertThat(isDue(1, seconds, FULL)).isFalse();
            assertThat(isDue(1, seconds, EMPTY)).isFalse();
            assertThat(isDue(1, seconds)).isFalse();
        }
    }

    @Test
    @DisplayName(
            "Programs that come all the time have it loaded again less and less often, and as soon as at first after it has shown a token")
    void seldom() {
        assertThat(reloads(3600)).isBetween(10, 25);
        assertThat(reloads(3)).isEqualTo(1);
    }

    private int reloads(int seconds) {
        assertThat(isDue(-1, 0, FULL)).isFalse();
        int reloads = 0;
        for (int second = 0; second <= seconds; second++) {
            reloading.visited();
            reloads += isDue(reloads, second, BLANK) ? 1 : 0;
        }
        return reloads;
    }
}
