package org.tokend.client.jca;

import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.ErrorCode;

/** Connections for keys that are used from any number of threads: one for each call, kept for the next one. */
final class Clients {
    private static final int MOST_IDLE = 8;

    private final Supplier<Path> socket;
    private final LinkedBlockingDeque<TokenClient> idle = new LinkedBlockingDeque<>(MOST_IDLE);

    /** @param socket asked at each connection, because a program may start before its tokend does */
    Clients(Supplier<Path> socket) {
        this.socket = socket;
    }

    <T> T use(Function<TokenClient, T> call) {
        TokenClient kept = idle.pollFirst();
        if (kept != null) {
            try {
                return use(kept, call);
            } catch (TokenClientException.ConnectionLost e) {
                if (e.code() != ErrorCode.SHUTTING_DOWN) {
                    throw e;
                }
                // tokend closes connections that lie idle, and may have been started anew.
            }
        }
        return use(TokenClient.open(socket.get()), call);
    }

    private <T> T use(TokenClient client, Function<TokenClient, T> call) {
        @Nullable TokenClient usable = client;
        try {
            return call.apply(client);
        } catch (TokenClientException.ConnectionLost e) {
            usable = null;
            throw e;
        } finally {
            if (usable == null || !idle.offerFirst(usable)) {
                client.close();
            }
        }
    }
}
