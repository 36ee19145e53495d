package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ArrivalsTest {

    private static void say(Descriptor descriptor) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            descriptor.write(arena.allocate(ValueLayout.JAVA_BYTE));
        }
    }

    private static void hear(Descriptor descriptor) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(ValueLayout.JAVA_BYTE);
            assertThat(descriptor.read(one)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "What has arrived is told by its name, once until it is watched again, whether it came before or after")
    void arrivals() throws Exception {
        try (Arrivals arrivals = Arrivals.open();
                SocketPair first = SocketPair.open();
                SocketPair second = SocketPair.open()) {
            say(first.there());
            arrivals.watch(first.here().number(), 7);
            arrivals.watch(second.here().number(), 1L << 40);
            assertThat(arrivals.await()).containsExactly(7);
            say(second.there());
            assertThat(arrivals.await()).containsExactly(1L << 40);
            hear(first.here());
            arrivals.watch(first.here().number(), 8);
            arrivals.watch(second.here().number(), 9);
            assertThat(arrivals.await()).containsExactly(9);
            first.there().shutdown();
            assertThat(arrivals.await()).containsExactly(8);
        }
    }

    @Test
    @DisplayName(
            "What is watched on is told at each arrival, to one of those who watch, and nothing is there when it has been told")
    void eachArrival() throws Exception {
        try (Arrivals arrivals = Arrivals.open();
                SocketPair pair = SocketPair.open()) {
            arrivals.watchOn(pair.here().number(), 5);
            Arrivals.Watcher one = arrivals.watcher();
            Arrivals.Watcher other = arrivals.watcher();
            assertThat(one.now(1)).isEmpty();
            for (int i = 0; i < 3; i++) {
                say(pair.there());
                assertThat(one.await(1)).containsExactly(5);
                assertThat(other.now(64)).isEmpty();
            }
            pair.there().shutdown();
            assertThat(other.await(64)).containsExactly(5);
        }
    }

    @Test
    @DisplayName("Ending one's own direction of reading is told as well")
    void ended() throws Exception {
        try (Arrivals arrivals = Arrivals.open();
                SocketPair pair = SocketPair.open()) {
            arrivals.watch(pair.here().number(), 1);
            pair.here().shutdown();
            assertThat(arrivals.await()).containsExactly(1);
        }
    }

    @Test
    @DisplayName("Who waits is let go at the end")
    void end() throws Exception {
        try (Arrivals arrivals = Arrivals.open()) {
            CompletableFuture<long[]> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return arrivals.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            arrivals.end();
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }
}
