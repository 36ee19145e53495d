package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadClockTest {
    private final ThreadClock clock = new ThreadClock();

    @Test
    @DisplayName("Goes on while the thread computes")
    void computing() {
        long begin = clock.nanos();
        long wall = System.nanoTime();
        while (clock.nanos() - begin < TimeUnit.MILLISECONDS.toNanos(5)) {
            Thread.onSpinWait();
        }
        assertThat(System.nanoTime() - wall).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(4));
    }

    @Test
    @DisplayName("Stands still while it sleeps")
    void sleeping() {
        long begin = clock.nanos();
        long wall = System.nanoTime();
        while (System.nanoTime() - wall < TimeUnit.MILLISECONDS.toNanos(200)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        assertThat(clock.nanos() - begin).isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
    }
}
