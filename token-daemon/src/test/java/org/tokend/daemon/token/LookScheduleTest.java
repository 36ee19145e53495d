package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookScheduleTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final BooleanSupplier NOBODY = () -> false;

    private static CompletableFuture<Boolean> next(LookSchedule schedule, BooleanSupplier connected) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return schedule.awaitNext(connected);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertDue(CompletableFuture<Boolean> look) throws Exception {
        assertThat(look.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("While programs are connected the next look comes soon, and also when one connects without asking")
    void often() throws Exception {
        assertDue(next(new LookSchedule(SHORT, NEVER), () -> true));
        int[] asked = {0};
        assertDue(next(new LookSchedule(SHORT, NEVER), () -> ++asked[0] > 5));
    }

    @Test
    @DisplayName("While nobody is connected the next look comes late")
    void rarely() throws Exception {
        LookSchedule schedule = new LookSchedule(SHORT, NEVER);
        CompletableFuture<Boolean> look = next(schedule, NOBODY);
        Thread.sleep(50);
        assertThat(look).isNotDone();
        schedule.end();
        assertThat(look.get(30, TimeUnit.SECONDS)).isFalse();
        assertDue(next(new LookSchedule(SHORT, Duration.ofMillis(20)), NOBODY));
    }

    @Test
    @DisplayName("Who comes after a long rest has a look taken at once, and waits for it")
    void onDemand() throws Exception {
        LookSchedule schedule = new LookSchedule(SHORT, NEVER);
        schedule.awaitAsked();
        CompletableFuture<Boolean> look = next(schedule, NOBODY);
        await().until(() -> {
            schedule.ask();
            return look.isDone();
        });
        assertDue(look);
        schedule.looked();
        schedule.awaitAsked();
    }

    @Test
    @DisplayName("A module that hangs holds up nobody for long")
    void hanging() throws Exception {
        LookSchedule schedule = new LookSchedule(SHORT, NEVER);
        CompletableFuture<Boolean> look = next(schedule, NOBODY);
        await().until(() -> {
            schedule.ask();
            return look.isDone();
        });
        schedule.awaitAsked();
        long begin = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            schedule.awaitAsked();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }
}
