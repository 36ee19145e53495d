package org.tokend.pkcs11.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.fault.Fault;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

class ModuleHostFaultTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private HostedToken token;

    @BeforeEach
    void create() {
        token = new HostedToken();
    }

    @AfterEach
    void close() {
        token.close();
    }

    static Stream<Arguments> deaths() {
        return Stream.of(
                Arguments.of("segfaults", Fault.segfaults(), "killed by signal 6"),
                Arguments.of("aborts", Fault.aborts(), "killed by signal 6"),
                Arguments.of("calls exit", Fault.exits(3), "exit status 3"),
                Arguments.of("is killed", Fault.dies(), "killed by signal 9"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deaths")
    @DisplayName("A module that takes its process down costs one call; the next is served by a new host")
    void deaths(String what, Fault fault, String ending) throws CryptokiException {
        token.sign();
        long generation = token.module().generation();
        token.faults().onNext(CryptokiFunction.C_SIGN, fault);

        assertThatThrownBy(token::sign)
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("the module host ended");

        token.sign();
        assertThat(token.module().generation()).isEqualTo(generation + 1);
        assertThat(token.log().endings()).anyMatch(line -> line.startsWith("ended: " + ending));
    }

    @Test
    @DisplayName("A module that hangs is given up at the deadline, and the call after that is served")
    void hangs() throws CryptokiException {
        token.sign();
        token.faults().onNext(CryptokiFunction.C_SIGN, Fault.hangs());
        long start = System.nanoTime();

        assertThatThrownBy(token::sign)
                .isInstanceOf(ConnectionLostException.class)
                .hasMessage("C_SignInit did not return within its deadline");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HostedToken.DEADLINE.plusMillis(1500));
        token.sign();
        assertThat(token.log().pids()).hasSize(2);
    }

    @Test
    @DisplayName("A host that is stopped, and so reads nothing, is given up too")
    void stopped() throws Exception {
        token.sign();
        assertThat(new ProcessBuilder(
                                "kill", "-STOP", Integer.toString(token.log().pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(token::sign).isInstanceOf(ConnectionLostException.class);
        token.sign();
    }

    @Test
    @DisplayName("What a module prints does not reach the protocol")
    void noise() throws CryptokiException {
        token.faults().onEach(CryptokiFunction.C_SIGN, Fault.makesNoise(1 << 20));
        token.sign();
        token.sign();
        assertThat(token.log().pids()).hasSize(1);
    }

    @Test
    @DisplayName("A module that resets SIGSEGV does not take away the JVM's own use of it")
    void resetsSignal() throws CryptokiException {
        token.faults().onNext(CryptokiFunction.C_GET_INFO, Fault.resetsSegvHandler());
        try (Cryptoki cryptoki = token.module().connect()) {
            cryptoki.getInfo();
        }
        for (int i = 0; i < 50; i++) {
            token.sign();
        }
        assertThat(token.log().pids()).hasSize(1);
    }

    @Test
    @DisplayName("A child that the module leaves behind, holding the sockets, ends with its host")
    void forks() throws CryptokiException {
        token.faults().onNext(CryptokiFunction.C_GET_INFO, Fault.forks(Duration.ofMinutes(5)));
        try (Cryptoki cryptoki = token.module().connect()) {
            cryptoki.getInfo();
        }
        int host = token.log().pid();
        List<ProcessHandle> left =
                ProcessHandle.of(host).orElseThrow().descendants().toList();
        assertThat(left).isNotEmpty();

        ProcessHandle.of(host).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE).until(() -> token.log().pids().size() == 2);
        token.sign();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(left).noneMatch(ModuleHostFaultTest::runs));
    }

    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    @Test
    @DisplayName(
            "A module without locks is called by one thread at a time, and each call's deadline begins with its turn")
    void oneAtATime() throws Exception {
        token.faults()
                .cannotLock()
                .abortOnConcurrentEntry()
                .onEach(CryptokiFunction.C_SIGN, Fault.delays(Duration.ofMillis(400)));
        // Eight signatures take longer together than the deadline of one.
        inParallel(8, () -> {
            token.sign();
            return true;
        });
        assertThat(token.log().pids()).hasSize(1);
    }

    @Test
    @DisplayName("Sixteen threads are served at once")
    void sixteen() throws Exception {
        inParallel(16, () -> {
            for (int i = 0; i < 20; i++) {
                token.sign();
            }
            return true;
        });
        assertThat(token.log().pids()).hasSize(1);
    }

    private static void inParallel(int threads, Callable<Boolean> work) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Boolean>> results =
                    pool.invokeAll(Stream.generate(() -> work).limit(threads).toList());
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("All who wait for a hanging host hear of it, also those whose own call did not hang")
    void allHear() throws Exception {
        token.sign();
        try (Cryptoki busy = token.module().connect();
                ExecutorService pool = Executors.newSingleThreadExecutor()) {
            token.faults().onNext(CryptokiFunction.C_GET_TOKEN_INFO, Fault.hangs());
            Future<?> hanging = pool.submit(() -> token.slot(busy));
            token.faults().awaitCalls(CryptokiFunction.C_GET_SLOT_LIST, 2);
            assertThatThrownBy(hanging::get).hasCauseInstanceOf(ConnectionLostException.class);
        }
        token.sign();
    }

    @Test
    @DisplayName("A module that cannot even be initialised is given up for a while, with the reason")
    void givenUp() {
        token.faults().onEach(CryptokiFunction.C_INITIALIZE, Fault.segfaults());
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(token::sign)
                    .isInstanceOf(CryptokiException.class)
                    .hasMessageContaining("module faulty")
                    .hasMessageContaining("its host ended while loading it (killed by signal");
        }
        int starts = token.faults().count(CryptokiFunction.C_INITIALIZE);
        assertThatThrownBy(token::sign)
                .hasMessageContaining("its host ended 5 times within 60 s")
                .hasMessageContaining("it is started again in");
        assertThat(token.faults().count(CryptokiFunction.C_INITIALIZE)).isEqualTo(starts);
    }

    @Test
    @DisplayName("A restart that was asked for ends the generation and only that")
    void restart() throws CryptokiException {
        token.sign();
        long generation = token.module().generation();
        token.module().restart(generation + 7, "not yet");
        assertThat(token.module().generation()).isEqualTo(generation);
        token.module().restart(generation, "the token was pulled");
        assertThat(token.module().generation()).isEqualTo(generation + 1);
        token.sign();
        token.module().restart(generation, "heard of it late");
        assertThat(token.module().generation()).isEqualTo(generation + 1);
        assertThat(token.log().endings()).contains("ending: the token was pulled");
    }

    @Test
    @DisplayName("A host that died while nobody looked is replaced before the next call")
    void diedUnnoticed() throws CryptokiException {
        token.sign();
        ProcessHandle.of(token.log().pid()).orElseThrow().destroyForcibly();
        await().atMost(PATIENCE).until(() -> token.log().pids().size() == 2);
        token.sign();
    }
}
