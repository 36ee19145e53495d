package org.tokend.daemon.token;

import java.time.Duration;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Grant;
import org.tokend.daemon.access.RefusalException;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.ErrorCode;

/**
 * Turns at one token: as many at a time as it can serve, a bounded number that wait, programs in turn. The request runs on
 * its own thread. Only a grant gets a turn.
 */
public final class TokenWorker {
    private final FairGate gate;
    private final Duration longestWait;

    TokenWorker(int places, int maxWaiting, Duration longestWait) {
        this.gate = new FairGate(places, maxWaiting);
        this.longestWait = longestWait;
    }

    /** Something that the token does for a grant. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws TokenException;
    }

    public <T> T run(Grant grant, Token token, Work<T> work) throws TokenException, RefusalException {
        enter(grant.caller(), token);
        try {
            return work.run();
        } finally {
            gate.leave();
        }
    }

    private void enter(Caller caller, Token token) throws RefusalException {
        FairGate.Outcome outcome;
        try {
            outcome =
                    gate.enter(new Program(caller.uid(), caller.program()), System.nanoTime() + longestWait.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusalException(ErrorCode.SHUTTING_DOWN, "tokend is going down; ask again when it is back");
        }
        String uri = token.identity().uri().toString();
        switch (outcome) {
            case IN -> {}
            case TOO_MANY ->
                throw new RefusalException(
                        ErrorCode.BUSY, "too many requests wait for the token " + uri + "; ask again later");
            case TOO_LATE ->
                throw new RefusalException(
                        ErrorCode.BUSY,
                        "the token " + uri + " was busy for " + longestWait.toSeconds() + " s; ask again later");
        }
    }

    private record Program(int uid, String path) {}
}
