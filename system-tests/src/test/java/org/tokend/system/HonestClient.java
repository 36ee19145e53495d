package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Sign;

/** A program that minds its own business: one signature after the other, each of them checked, whatever others do. */
final class HonestClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int MOST_TRIES = 5;

    private final Path socket;
    private final String key;
    private final PublicKey publicKey;
    private final Thread thread = new Thread(this::work, "honest client");
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger reconnected = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    private HonestClient(Path socket, String key, PublicKey publicKey) {
        this.socket = socket;
        this.key = key;
        this.publicKey = publicKey;
    }

    /** @param key name of a P-256 key */
    static HonestClient start(Path socket, String key, PublicKey publicKey) {
        HonestClient client = new HonestClient(socket, key, publicKey);
        client.thread.start();
        return client;
    }

    int served() {
        return served.get();
    }

    /** How often the daemon closed the connection while nothing was under way. */
    int reconnected() {
        return reconnected.get();
    }

    private void work() {
        TokenClient client = TokenClient.open(socket, PATIENCE, null);
        try {
            for (int i = 0; !ended; i++) {
                client = signed(client, i);
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (Exception e) {
            failures.add(e.toString());
        } finally {
            client.close();
        }
    }

    /** A connection that ends between calls is opened anew, as docs/protocol.md asks of clients. */
    private TokenClient signed(TokenClient first, int number) throws Exception {
        byte[] digest = new byte[32];
        digest[0] = (byte) number;
        Sign request = new Sign(key, Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, digest, "");
        TokenClient client = first;
        for (int tries = 1; ; tries++) {
            try {
                verify(digest, client.sign(request));
                return client;
            } catch (TokenClientException.ConnectionLost e) {
                if (e.code() != ErrorCode.SHUTTING_DOWN || tries == MOST_TRIES) {
                    throw e;
                }
                reconnected.incrementAndGet();
                client = TokenClient.open(socket, PATIENCE, null);
            }
        }
    }

    private void verify(byte[] digest, byte[] signature) throws Exception {
        Signature verifier = Signature.getInstance("NONEwithECDSA");
        verifier.initVerify(publicKey);
        verifier.update(digest);
        if (verifier.verify(signature)) {
            served.incrementAndGet();
        } else {
            failures.add("a signature did not verify");
        }
    }

    /** Ends the client, and fails where one of its calls did. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        thread.join(PATIENCE.toMillis() * 2);
        assertThat(failures).as("what the honest client met with").isEmpty();
        assertThat(thread.isAlive()).as("the honest client still waits").isFalse();
        assertThat(served).as("signatures of the honest client").hasPositiveValue();
    }
}
