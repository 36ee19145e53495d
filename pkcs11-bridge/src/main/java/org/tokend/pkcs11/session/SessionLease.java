package org.tokend.pkcs11.session;

import org.tokend.pkcs11.cryptoki.Cryptoki;

/**
 * A session of one generation and a connection to use it on, for one thread and one operation. Unless {@link #keep()} was called, closing the lease closes
 * the session: nobody knows what state an operation left it in that did not end well.
 */
public final class SessionLease implements AutoCloseable {
    private final SessionPool pool;
    private Generation generation;
    private final Cryptoki connection;
    private final long session;
    private final Runnable release;
    private boolean keep;
    private boolean keepIfLast;
    private boolean taken;

    SessionLease(SessionPool pool, Generation generation, Cryptoki connection, long session, Runnable release) {
        this.pool = pool;
        this.generation = generation;
        this.connection = connection;
        this.session = session;
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

    /** The operation ended as it should: the session can be used again. */
    public void keep() {
        keep = true;
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
            pool.giveBack(this);
        } finally {
            connection.close();
            release.run();
        }
    }
}
