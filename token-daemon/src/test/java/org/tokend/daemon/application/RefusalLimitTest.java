package org.tokend.daemon.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RefusalLimitTest {
    private final AtomicLong now = new AtomicLong();
    private final RefusalLimit limit = new RefusalLimit(now::get);

    private int written(int calls, String function) {
        int written = 0;
        for (int i = 0; i < calls; i++) {
            written += limit.next(1000, "/usr/bin/loop", function).isPresent() ? 1 : 0;
        }
        return written;
    }

    @Test
    @DisplayName("A loop gets a handful of records, then one a minute that counts the others")
    void loop() {
        assertThat(written(1_000_000, "C_CreateObject")).isEqualTo(5);
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(limit.next(1000, "/usr/bin/loop", "C_CreateObject")).hasValue(999_995);
        assertThat(written(1000, "C_CreateObject")).isZero();
    }

    @Test
    @DisplayName("A loop of one program or function hides no other")
    void others() {
        written(1000, "C_CreateObject");
        assertThat(limit.next(1000, "/usr/bin/loop", "C_SetPIN")).hasValue(0);
        assertThat(limit.next(1000, "/usr/bin/other", "C_CreateObject")).hasValue(0);
        assertThat(limit.next(1001, "/usr/bin/loop", "C_CreateObject")).hasValue(0);
    }
}
