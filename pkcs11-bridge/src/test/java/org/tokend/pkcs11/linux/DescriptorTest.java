package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DescriptorTest {
    private final Arena arena = Arena.ofShared();
    private final SocketPair pair = open();

    private static SocketPair open() {
        try {
            return SocketPair.open();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        pair.close();
        arena.close();
    }

    @Test
    @DisplayName("What is written at one end is read at the other, more than the kernel holds at once too")
    void transfers() throws Exception {
        MemorySegment sent = arena.allocate(4 << 20);
        sent.fill((byte) 7);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                pair.here().write(sent);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        MemorySegment received = arena.allocate(sent.byteSize());
        long position = 0;
        while (position < received.byteSize()) {
            position += pair.there().read(received.asSlice(position));
        }
        writer.get(10, TimeUnit.SECONDS);
        assertThat(received.mismatch(sent)).isEqualTo(-1);
    }

    @Test
    @DisplayName("A read waits no longer than its timeout, a write that nobody reads neither")
    void timeouts() throws IOException {
        pair.here().timeout(50);
        assertThatThrownBy(() -> pair.here().read(arena.allocate(8))).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> pair.here().write(arena.allocate(64 << 20)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    @DisplayName("The other end's closing is the end of the stream, and a write into it is an error and no SIGPIPE")
    void closed() throws IOException {
        pair.there().close();
        assertThat(pair.here().read(arena.allocate(8))).isEqualTo(-1);
        assertThatThrownBy(() -> pair.here().write(arena.allocate(8))).isInstanceOf(SocketException.class);
    }

    @Test
    @DisplayName("A shutdown wakes the reader at this end")
    void shutdown() throws Exception {
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            try {
                return pair.here().read(arena.allocate(ValueLayout.JAVA_LONG));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        pair.here().shutdown();
        assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
        pair.here().close();
        pair.here().shutdown();
    }

    @Test
    @DisplayName("Who waits for an answer is not woken when the other end takes the question")
    void sleepsOn() throws Exception {
        CompletableFuture<Path> sleeper = new CompletableFuture<>();
        CompletableFuture<Long> answer = CompletableFuture.supplyAsync(() -> {
            try {
                sleeper.complete(Path.of("/proc/thread-self").toRealPath());
                return pair.here().read(arena.allocate(1));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Path thread = sleeper.get(10, TimeUnit.SECONDS);
        awaitSleep(thread);
        long before = sleeps(thread);
        for (int question = 0; question < 200; question++) {
            pair.here().write(arena.allocate(1));
            awaitSleep(thread);
            assertThat(pair.there().read(arena.allocate(1))).isEqualTo(1);
            awaitSleep(thread);
        }
        assertThat(sleeps(thread) - before).isLessThan(20);
        pair.there().write(arena.allocate(1));
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }

    private static void awaitSleep(Path thread) throws Exception {
        // The state follows the name, which stands in brackets; S is for asleep.
        while (!Files.readString(thread.resolve("stat")).contains(") S ")) {
            Thread.sleep(1);
        }
    }

    private static long sleeps(Path thread) throws IOException {
        return Files.readAllLines(thread.resolve("status")).stream()
                .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
                .sum();
    }
}
