package org.tokend.pkcs11.session;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * What is done to a token with no session of the user's open (PKCS#11 v3.1 §5.5.9, §5.6.8): its sessions are closed, which ends
 * the user's login, and a new generation begins afterwards. Nobody else reaches the token meanwhile.
 */
public final class OfficerLogin {
    private final SessionPool pool;

    public OfficerLogin(SessionPool pool) {
        this.pool = pool;
    }

    /** In a session in which the security officer is logged in. */
    public interface Work {
        void run(Cryptoki cryptoki, long session) throws CryptokiException;
    }

    /** On a slot without sessions. */
    public interface SlotWork {
        void run(Cryptoki cryptoki, long slot) throws CryptokiException;
    }

    /** @param pin null at a PIN pad */
    public void run(@Nullable MemorySegment pin, Work work) throws TokenException, CryptokiException {
        withoutSessions((cryptoki, slot) -> {
            long session = cryptoki.openSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
            try {
                cryptoki.login(session, CKU.SO, pin);
                try {
                    work.run(cryptoki, session);
                } finally {
                    logout(cryptoki, session);
                }
            } finally {
                TokenProbe.close(cryptoki, session);
            }
        });
    }

    /** With its only session the login ends at the latest. */
    private static void logout(Cryptoki cryptoki, long session) {
        try {
            cryptoki.logout(session);
        } catch (CryptokiException e) {
            // See above.
        }
    }

    public void withoutSessions(SlotWork work) throws TokenException, CryptokiException {
        try (SessionLease lease = pool.lease(true)) {
            TokenSlot slot = Objects.requireNonNull(lease.generation().slot());
            Cryptoki cryptoki = lease.cryptoki();
            pool.takeAll(lease).forEach(session -> TokenProbe.close(cryptoki, session));
            try {
                work.run(cryptoki, slot.slot());
            } finally {
                refresh(cryptoki, slot);
            }
        }
    }

    /** The flags tell how many tries are left. */
    private void refresh(Cryptoki cryptoki, TokenSlot slot) throws ConnectionLostException {
        try {
            TokenSlot.read(cryptoki, slot.slot())
                    .filter(now -> now.identity().sameToken(slot.identity()))
                    .ifPresent(pool::refresh);
        } catch (ConnectionLostException e) {
            throw e;
        } catch (CryptokiException e) {
            // The next look at the token says what became of it.
        }
    }
}
