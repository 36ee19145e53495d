package org.tokend.pkcs11.session;

import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.Cryptoki;

/**
 * A session of one generation and a connection to use it on, for one thread and one operation. Unless {@link #keep()} was called, closing the lease closes
 * the session: nobody knows what state an operation left it in that did not end well.
 */
public final class SessionLease implements AutoCloseable {
    private final Lending lending;
    private Generation generation;
    private final Cryptoki connection;
    private final long session;
    private final Runnable release;
    private final Ahead ahead;
    private final long run;
    private boolean begun;
    private boolean keep;
    private boolean keepIfLast;
    private boolean taken;

    /** @param run of signatures, to which the one belongs that the lease is for */
    SessionLease(
            Lending lending,
            Generation generation,
            Cryptoki connection,
            long session,
            Ahead ahead,
            long run,
            Runnable release) {
        this.lending = lending;
        this.generation = generation;
        this.connection = connection;
        this.session = session;
        this.ahead = ahead;
        this.run = run;
        this.begun = ahead.done();
        this.release = release;
    }

    public Cryptoki cryptoki() {
        return connection;
    }

    public long session() {
        return session;
    }

    public Generation generation() {
        return generation;
    }

    /** What to tell the module about the signature that the session was leased for. */
    public Ahead ahead() {
        return ahead;
    }

    long run() {
        return run;
    }

    /** The operation ended as it should: the session can be used again. */
    public void keep() {
        keepUnused();
        begun = ahead.again();
    }

    /** The session is as it was. */
    public void keepUnused() {
        keep = true;
    }

    /** Whether C_SignInit has been called in the session for a signature to come. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * The token refused what was asked and is well: the session is closed, unless the login would go with it because no other
     * session can be open. Should an operation be left over in it, the next Init says so and that session is given up.
     */
    public void keepIfLast() {
        keepIfLast = true;
    }

    /** The session lives on in the generation that a login or logout began. */
    void moveTo(Generation next) {
        generation = next;
    }

    /** The session is closed by somebody else. */
    long take() {
        taken = true;
        return session;
    }

    boolean wasTaken() {
        return taken;
    }

    boolean kept() {
        return keep;
    }

    boolean keptIfLast() {
        return keepIfLast;
    }

    @Override
    public void close() {
        try {
            lending.takeBack(this);
        } finally {
            connection.close();
            release.run();
        }
    }
}
