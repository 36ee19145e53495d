package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

/** Programs that sign at once with {@link TestKey#P256_A}, each over a connection of its own, and check what they get. */
final class SigningClients implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path socket;
    private final String key;
    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicInteger signed = new AtomicInteger();
    private final Queue<TokenClientException> retryable = new ConcurrentLinkedQueue<>();
    private volatile long lastSigned;
    private volatile boolean stopped;

    SigningClients(Path socket, String key, int clients) {
        this.socket = socket;
        this.key = key;
        this.threads = Executors.newFixedThreadPool(clients);
    }

    /** Each client makes so many signatures, and asks once more where it was told that it may. */
    SigningClients start(int clients, int signaturesEach) {
        for (int i = 0; i < clients; i++) {
            int client = i;
            running.add(threads.submit(() -> {
                work(client, signaturesEach);
                return null;
            }));
        }
        return this;
    }

    /** Each client signs until {@link #stop()}: whoever disturbs them does so while they work, on any machine. */
    SigningClients startEndless(int clients) {
        return start(clients, Integer.MAX_VALUE);
    }

    private void work(int client, int signatures) throws Exception {
        try (TokenClient tokend = TokenClient.open(socket, PATIENCE, null)) {
            for (int i = 0; i < signatures && !stopped; i++) {
                byte[] digest = new byte[32];
                digest[0] = (byte) client;
                digest[1] = (byte) i;
                digest[2] = (byte) (i >> 8);
                verify(digest, sign(tokend, digest));
                lastSigned = System.nanoTime();
                signed.incrementAndGet();
            }
        }
    }

    /** One retryable error is what a failure may cost; the second one is thrown. */
    private byte[] sign(TokenClient tokend, byte[] digest) {
        Sign request = new Sign(key, Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, digest, "");
        try {
            return tokend.sign(request);
        } catch (TokenClientException e) {
            if (!e.mayRetry()) {
                throw e;
            }
            retryable.add(e);
            return tokend.sign(request);
        }
    }

    private static void verify(byte[] digest, byte[] signature) throws Exception {
        Signature verifier = Signature.getInstance("NONEwithECDSA");
        verifier.initVerify(TestKey.P256_A.publicKey());
        verifier.update(digest);
        assertThat(verifier.verify(signature)).as("the signature is right").isTrue();
    }

    int signed() {
        return signed.get();
    }

    /** {@link System#nanoTime()} of the newest right signature. */
    long lastSigned() {
        return lastSigned;
    }

    List<TokenClientException> retryableErrors() {
        return List.copyOf(retryable);
    }

    /** Fails with what ended a client, if something did. */
    SigningClients unharmed() throws Exception {
        for (Future<?> client : running) {
            if (client.isDone()) {
                client.get();
            }
        }
        return this;
    }

    /** Each client ends after the signature that it is making. */
    SigningClients stop() {
        stopped = true;
        return this;
    }

    /** Waits for all; fails with the first thing that should not have happened. */
    void finish() throws Exception {
        for (Future<?> client : running) {
            client.get();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
