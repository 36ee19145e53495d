package org.tokend.pkcs11.application;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;

/** The open sessions. One call at a time goes on in each of them; all of a token's end when it is removed. */
final class Sessions {
    /** What is done in a session. */
    interface Call<T> {
        T apply(Session session) throws CryptokiException, TokenException;
    }

    /** Told when a session, and maybe the last one of its token, has ended. */
    interface Ended {
        void ended(Session session, boolean last);
    }

    /** What a session takes that does nothing. */
    private static final long BYTES = 512;

    private final Slots slots;
    private final int most;
    private final Quota quota;
    private final Ended ended;
    private final Map<Long, Session> open = new ConcurrentHashMap<>();
    private final AtomicLong handles = new AtomicLong();

    Sessions(Slots slots, int most, Quota quota, Ended ended) {
        this.slots = slots;
        this.most = most;
        this.quota = quota;
        this.ended = ended;
    }

    /** @param officer whether the security officer is logged in to the token */
    long open(long slot, long flags, Predicate<Token> officer) throws CryptokiException {
        if ((flags & CKF.SERIAL_SESSION) == 0) {
            throw Refusal.of(CKR.SESSION_PARALLEL_NOT_SUPPORTED);
        }
        Token token = slots.token(slot);
        boolean readWrite = (flags & CKF.RW_SESSION) != 0;
        synchronized (open) {
            if (!readWrite && officer.test(token)) {
                throw Refusal.of(CKR.SESSION_READ_WRITE_SO_EXISTS);
            }
            if (open.size() >= most) {
                endRemoved();
            }
            if (open.size() >= most) {
                throw Refusal.of(CKR.SESSION_COUNT);
            }
            quota.take(BYTES);
            Session session = new Session(handles.incrementAndGet(), slot, token, readWrite);
            open.put(session.handle(), session);
            return session.handle();
        }
    }

    <T> T in(String function, long handle, Call<T> call) throws CryptokiException {
        Session session = open.get(handle);
        if (session == null) {
            throw new CryptokiException(function, CKR.SESSION_HANDLE_INVALID);
        }
        session.lock();
        try {
            if (!slots.holds(session.slot(), session.token())) {
                endRemoved();
            }
            if (session.closed()) {
                throw new CryptokiException(function, CKR.SESSION_HANDLE_INVALID);
            }
            return call.apply(session);
        } catch (TokenException e) {
            throw Refusal.of(function, e);
        } catch (CryptokiException e) {
            throw Refusal.in(function, e);
        } finally {
            session.unlock();
            if (session.closed()) {
                ended.ended(session, false);
            }
        }
    }

    void close(long handle) throws CryptokiException {
        Session session = open.get(handle);
        if (session == null || !end(session)) {
            throw Refusal.of(CKR.SESSION_HANDLE_INVALID);
        }
    }

    void closeAll(long slot) {
        endAll(session -> session.slot() == slot);
    }

    void closeAll() {
        endAll(session -> true);
    }

    /** PKCS#11 v3.1 §5.6.1: a token that is removed takes its sessions with it. */
    void endRemoved() {
        endAll(session -> !slots.holds(session.slot(), session.token()));
    }

    private void endAll(Predicate<Session> which) {
        List.copyOf(open.values()).stream().filter(which).forEach(this::end);
    }

    private boolean end(Session session) {
        boolean last;
        synchronized (open) {
            if (!open.remove(session.handle(), session)) {
                return false;
            }
            last = open.values().stream().noneMatch(other -> other.token().equals(session.token()));
        }
        quota.giveBack(BYTES);
        session.close();
        ended.ended(session, last);
        return true;
    }

    long count(Token token, boolean readWriteOnly) {
        return open.values().stream()
                .filter(session -> session.token().equals(token) && (!readWriteOnly || session.readWrite()))
                .count();
    }

    boolean anyReadOnly(Token token) {
        return count(token, false) != count(token, true);
    }
}
