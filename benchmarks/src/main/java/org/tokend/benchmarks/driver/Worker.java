package org.tokend.benchmarks.driver;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.tokend.client.TokenClient;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.PrivateKeyRequest;
import org.tokend.protocol.Sign;

/** One client with a connection of its own. */
final class Worker {
    private static final int SAMPLES = 1 << 16;
    private static final int DIGEST = 32;

    private final TokenClient client;
    private final Map<String, PrivateKeyRequest> requests;
    private final int[] nanos = new int[SAMPLES];
    private int count;
    private int errors;

    Worker(Path socket, String p256, String rsa, byte[] ciphertext) {
        byte[] digest = new byte[DIGEST];
        Arrays.fill(digest, (byte) 'Z');
        this.client = TokenClient.open(socket);
        this.requests = Map.of(
                "p256", new Sign(p256, Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, digest, ""),
                "rsa", new Sign(rsa, Algorithm.RSA_PKCS1_SHA256, Sign.Kind.DIGEST, digest, ""),
                "decrypt", new Decrypt(rsa, Algorithm.RSA_PKCS1, ciphertext, DIGEST, ""));
    }

    void run(String operation, long deadline) {
        PrivateKeyRequest request = requests.get(operation);
        if (request == null) {
            throw new IllegalArgumentException(operation);
        }
        count = 0;
        errors = 0;
        long before = System.nanoTime();
        while (before - deadline < 0) {
            try {
                client.call(request);
            } catch (RuntimeException e) {
                errors++;
            }
            long after = System.nanoTime();
            nanos[Math.min(count++, SAMPLES - 1)] = (int) (after - before);
            before = after;
        }
    }

    int count() {
        return count;
    }

    int errors() {
        return errors;
    }

    int[] latencies() {
        return Arrays.copyOf(nanos, Math.min(count, SAMPLES));
    }
}
