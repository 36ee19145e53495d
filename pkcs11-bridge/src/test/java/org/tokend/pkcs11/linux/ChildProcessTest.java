package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    private static final long PATIENCE = 10_000;

    /** What a shell script says on its descriptor 3. */
    private static String output(String script, Map<String, String> environment) throws IOException {
        try (SocketPair pair = SocketPair.open()) {
            ChildProcess child =
                    ChildProcess.start(List.of("/bin/sh", "-c", script), environment, List.of(pair.there()));
            pair.there().close();
            String said = readAll(pair.here());
            assertThat(child.awaitEnd(PATIENCE)).isEqualTo("exit status 0");
            return said;
        }
    }

    private static String readAll(Descriptor socket) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            long count;
            while ((count = socket.read(buffer)) > 0) {
                all.append(new String(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(each -> each.getFileName().toString()).toList();
        }
    }

    @Test
    @DisplayName("It has the environment that it was given and nothing of ours")
    void environment() throws IOException {
        assertThat(output("env >&3", Map.of("GREETING", "hello there")).lines().filter(line -> !line.startsWith("_=")))
                .contains("GREETING=hello there")
                .noneMatch(line -> line.startsWith("HOME=") || line.startsWith("USER="));
    }

    @Test
    @DisplayName("It has the standard streams on /dev/null, its sockets, no other descriptor, and / for its directory")
    void descriptors() throws IOException {
        try (SocketPair pair = SocketPair.open()) {
            ChildProcess child =
                    ChildProcess.start(List.of("/bin/sleep", "300"), Map.of(), List.of(pair.there(), pair.there()));
            Path process = Path.of("/proc", Integer.toString(child.pid()));
            try {
                // While it starts, the dynamic loader has a library open; one of ours would stay.
                await().untilAsserted(() ->
                        assertThat(names(process.resolve("fd"))).containsExactlyInAnyOrder("0", "1", "2", "3", "4"));
                for (int i = 0; i <= 2; i++) {
                    assertThat(Files.readSymbolicLink(process.resolve("fd/" + i)))
                            .hasToString("/dev/null");
                }
                assertThat(Files.readSymbolicLink(process.resolve("cwd"))).hasToString("/");
            } finally {
                child.kill();
                assertThat(child.awaitEnd(PATIENCE)).isEqualTo("killed by signal 9");
            }
        }
    }

    @Test
    @DisplayName("Each socket becomes the descriptor of its place, whatever numbers they have here")
    void places() throws IOException {
        List<SocketPair> pairs = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                pairs.add(SocketPair.open());
            }
            List<Descriptor> backwards =
                    pairs.stream().map(SocketPair::there).toList().reversed();
            ChildProcess child = ChildProcess.start(
                    List.of("/bin/bash", "-c", "for i in {3..14}; do echo $i >&$i; done"), Map.of(), backwards);
            assertThat(child.awaitEnd(PATIENCE)).isEqualTo("exit status 0");
            for (int i = 0; i < pairs.size(); i++) {
                pairs.get(i).there().close();
                assertThat(readAll(pairs.get(i).here())).isEqualTo((14 - i) + "\n");
            }
        } finally {
            pairs.forEach(SocketPair::close);
        }
    }

    @Test
    @DisplayName("It leads a session of its own and has no signal blocked or ignored")
    void signals() throws IOException {
        ChildProcess child = ChildProcess.start(List.of("/bin/sleep", "300"), Map.of(), List.of());
        try {
            assertThat(Files.readAllLines(Path.of("/proc", Integer.toString(child.pid()), "status")))
                    // 32 and 33 belong to the C library, which ignores them in whatever it starts.
                    .contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000180000000")
                    .anyMatch(line -> line.matches("NSsid:.*\t" + child.pid()));
        } finally {
            child.kill();
            assertThat(child.awaitEnd(PATIENCE)).isEqualTo("killed by signal 9");
        }
    }

    @Test
    @DisplayName("Its end is noticed although a child that it left behind holds the socket; the child is killed")
    void endIsNoticed() throws IOException {
        try (SocketPair pair = SocketPair.open()) {
            ChildProcess child =
                    ChildProcess.start(List.of("/bin/sh", "-c", "sleep 300 &"), Map.of(), List.of(pair.there()));
            pair.there().close();
            assertThat(child.awaitEndOr(pair.here(), (int) PATIENCE)).isTrue();
            assertThat(child.awaitEnd(PATIENCE)).isEqualTo("exit status 0");
            assertThat(readAll(pair.here())).isEmpty();
        }
    }

    @Test
    @DisplayName("Whoever waits for its end does so for as long as allowed")
    void stillThere() throws IOException {
        try (SocketPair pair = SocketPair.open()) {
            ChildProcess child = ChildProcess.start(List.of("/bin/sleep", "300"), Map.of(), List.of(pair.there()));
            try {
                assertThat(child.awaitEndOr(pair.here(), 20)).isFalse();
            } finally {
                child.kill();
            }
            assertThat(child.awaitEndOr(pair.here(), (int) PATIENCE)).isTrue();
            assertThat(child.awaitEnd(PATIENCE)).isEqualTo("killed by signal 9");
        }
    }

    @Test
    @DisplayName("Killing it kills what it has started")
    void killsGroup() throws IOException {
        try (SocketPair pair = SocketPair.open()) {
            ChildProcess child = ChildProcess.start(
                    List.of("/bin/sh", "-c", "sleep 300 & echo started >&3; wait"), Map.of(), List.of(pair.there()));
            pair.there().close();
            try (Arena arena = Arena.ofConfined()) {
                assertThat(pair.here().read(arena.allocate(16))).isEqualTo(8);
            }
            assertThat(child.alive()).isTrue();
            child.kill();
            assertThat(child.awaitEnd(PATIENCE)).isEqualTo("killed by signal 9");
            // The sleeping child held the socket: its end is the end of the stream.
            assertThat(readAll(pair.here())).isEmpty();
            child.kill();
            assertThat(child.alive()).isFalse();
        }
    }

    @Test
    @DisplayName("A program that is not there is an error at once")
    void notThere() {
        assertThatThrownBy(() -> ChildProcess.start(List.of("/nonexistent"), Map.of(), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/nonexistent");
    }
}
