package org.tokend.daemon.token;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.tokend.pkcs11.token.Token;

/** The worker of each token. */
public final class TokenWorkers {
    private final Map<Token, TokenWorker> workers = new ConcurrentHashMap<>();
    private final int places;
    private final int maxWaiting;
    private final Duration longestWait;

    /**
     * @param places requests that one token serves at a time; the bridge gives each a session or lets it wait for one
     * @param longestWait after which a request is answered with BUSY
     */
    public TokenWorkers(int places, int maxWaiting, Duration longestWait) {
        this.places = places;
        this.maxWaiting = maxWaiting;
        this.longestWait = longestWait;
    }

    public TokenWorker of(Token token) {
        return workers.computeIfAbsent(token, key -> new TokenWorker(places, maxWaiting, longestWait));
    }
}
