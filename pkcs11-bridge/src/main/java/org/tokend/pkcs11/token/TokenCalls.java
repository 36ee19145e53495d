package org.tokend.pkcs11.token;

import java.util.Objects;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.session.Generation;
import org.tokend.pkcs11.session.ReturnValueClass;
import org.tokend.pkcs11.session.SessionLease;
import org.tokend.pkcs11.session.SessionPool;

/** Calls whose return value the caller is to see, each in a session for itself. */
final class TokenCalls {
    private final TokenIdentity token;
    private final SessionPool pool;

    TokenCalls(TokenIdentity token, SessionPool pool) {
        this.token = token;
        this.pool = pool;
    }

    interface Call<T> {
        T run(Cryptoki cryptoki, long session, Generation generation) throws CryptokiException, TokenException;
    }

    <T> T readOnly(Call<T> call) throws TokenException, CryptokiException {
        try (SessionLease lease = pool.lease(false)) {
            return run(lease, lease.session(), call);
        }
    }

    /** Where the pool's own sessions are read-only, which is the rule, a second one is open for as long as the call takes. */
    <T> T readWrite(Call<T> call) throws TokenException, CryptokiException {
        try (SessionLease lease = pool.lease(false)) {
            Cryptoki cryptoki = lease.cryptoki();
            return run(lease, lease.session(), (same, own, generation) -> {
                if ((cryptoki.getSessionInfo(own).flags() & CKF.RW_SESSION) != 0) {
                    return call.run(cryptoki, own, generation);
                }
                long slot = Objects.requireNonNull(generation.slot()).slot();
                long session = cryptoki.openSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
                try {
                    return call.run(cryptoki, session, generation);
                } finally {
                    close(cryptoki, session);
                }
            });
        }
    }

    /** What the call did or said counts: a session that cannot be closed is gone already. */
    private static void close(Cryptoki cryptoki, long session) {
        try {
            cryptoki.closeSession(session);
        } catch (CryptokiException e) {
            // See above.
        }
    }

    private <T> T run(SessionLease lease, long session, Call<T> call) throws TokenException, CryptokiException {
        try {
            T result = call.run(lease.cryptoki(), session, lease.generation());
            lease.keep();
            return result;
        } catch (CryptokiException e) {
            throw refused(lease, e);
        }
    }

    /** What the token says is passed on; what says that it is gone is said in our words. */
    private CryptokiException refused(SessionLease lease, CryptokiException e) throws TokenException {
        long generation = lease.generation().number();
        switch (ReturnValueClass.of(e)) {
            case OURS -> lease.keep();
            case USER -> {
                lease.keep();
                if (e.returnValue() == CKR.USER_NOT_LOGGED_IN
                        && lease.generation().login().suffices()) {
                    pool.end(generation, e.getMessage(), true);
                }
            }
            case TOKEN_GONE -> {
                pool.end(generation, e.getMessage(), false);
                if (Failures.isGone(e)) {
                    throw Failures.of(token, e);
                }
            }
        }
        return e;
    }
}
