package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FairGateTest {
    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    @DisplayName("No more than allowed are in at a time, and all get in")
    void bound() throws Exception {
        FairGate gate = new FairGate(3, 1000);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            String group = "group " + t % 4;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        assertThat(gate.enter(group, in(Duration.ofSeconds(30))))
                                .isEqualTo(FairGate.Outcome.IN);
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        inside.decrementAndGet();
                        gate.leave();
                        served.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        }
        assertThat(served).hasValue(3200);
        assertThat(most.get()).isBetween(1, 3);
        assertThat(gate.waiting()).isZero();
    }

    @Test
    @DisplayName("A program with one request waits for one turn of a program with many, not for all of them")
    void groupsTakeTurns() throws Exception {
        FairGate gate = new FairGate(1, 100);
        gate.enter("first", in(Duration.ofSeconds(1)));
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            threads.add(waiter(gate, "greedy", order));
            int waiting = i + 1;
            await().until(() -> gate.waiting() == waiting);
        }
        threads.add(waiter(gate, "modest", order));
        await().until(() -> gate.waiting() == 11);
        gate.leave();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        }
        assertThat(order).hasSize(11);
        assertThat(order.indexOf("modest")).isLessThanOrEqualTo(1);
    }

    private static Thread waiter(FairGate gate, String group, List<String> order) {
        return Thread.ofPlatform().start(() -> {
            try {
                gate.enter(group, in(Duration.ofSeconds(30)));
                order.add(group);
                gate.leave();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    @DisplayName("Who comes when too many wait is told at once")
    void tooMany() throws Exception {
        FairGate gate = new FairGate(1, 0);
        gate.enter("a", in(Duration.ofSeconds(1)));
        assertThat(gate.enter("b", in(Duration.ofSeconds(30)))).isEqualTo(FairGate.Outcome.TOO_MANY);
        gate.leave();
        assertThat(gate.enter("b", in(Duration.ofSeconds(30)))).isEqualTo(FairGate.Outcome.IN);
    }

    @Test
    @DisplayName("Who waited too long is told, and takes nobody's place")
    void tooLate() throws Exception {
        FairGate gate = new FairGate(1, 10);
        gate.enter("a", in(Duration.ofSeconds(1)));
        assertThat(gate.enter("b", in(Duration.ofMillis(20)))).isEqualTo(FairGate.Outcome.TOO_LATE);
        assertThat(gate.waiting()).isZero();
        gate.leave();
        assertThat(gate.enter("c", in(Duration.ofSeconds(1)))).isEqualTo(FairGate.Outcome.IN);
    }
}
