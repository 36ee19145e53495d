package org.tokend.pkcs11.session;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.host.Pkcs11Module;

/** Logs in and out. One PIN is sent once. */
public final class UserLogin {
    private final Pkcs11Module module;
    private final TokenIdentity token;
    private final SessionPool pool;

    public UserLogin(Pkcs11Module module, TokenIdentity token, SessionPool pool) {
        this.module = module;
        this.token = token;
        this.pool = pool;
    }

    /** @param pin null at a PIN pad */
    public void login(@Nullable MemorySegment pin) throws TokenException {
        try (SessionLease lease = pool.lease(true)) {
            try {
                if (lease.generation().login() == LoginState.LOGGED_IN) {
                    // A module that is logged in does not look at the PIN.
                    lease.cryptoki().logout(lease.session());
                    pool.loginChanged(lease, LoginState.LOGGED_OUT);
                }
                loginOnce(lease, pin);
                pool.loginChanged(lease, LoginState.LOGGED_IN);
                lease.keep();
            } catch (CryptokiException e) {
                throw refused(lease, e);
            }
        }
    }

    /**
     * CKR_USER_ALREADY_LOGGED_IN says that the PIN was not looked at, so it proves nothing: what is left of another login is
     * ended, and the PIN goes out for its first check.
     */
    private static void loginOnce(SessionLease lease, @Nullable MemorySegment pin) throws CryptokiException {
        Cryptoki cryptoki = lease.cryptoki();
        try {
            cryptoki.login(lease.session(), CKU.USER, pin);
        } catch (CryptokiException e) {
            if (e.returnValue() != CKR.USER_ALREADY_LOGGED_IN) {
                throw e;
            }
            cryptoki.logout(lease.session());
            cryptoki.login(lease.session(), CKU.USER, pin);
        }
    }

    private TokenException refused(SessionLease lease, CryptokiException e) {
        if (ReturnValueClass.of(e) == ReturnValueClass.TOKEN_GONE) {
            pool.end(lease.generation().number(), e.getMessage(), true);
        } else {
            lease.keep(); // No operation was begun.
        }
        PinTries tries = triesAfter(lease, e);
        return LoginFailure.of(token, e, tries);
    }

    private PinTries triesAfter(SessionLease lease, CryptokiException e) {
        TokenSlot before = lease.generation().slot();
        if (before == null || ReturnValueClass.of(e) != ReturnValueClass.USER) {
            return PinTries.UNKNOWN;
        }
        try {
            return TokenSlot.read(lease.cryptoki(), before.slot())
                    .map(now -> {
                        pool.refresh(now);
                        return now.tries();
                    })
                    .orElse(PinTries.UNKNOWN);
        } catch (CryptokiException unreadable) {
            return PinTries.UNKNOWN;
        }
    }

    /** Never fails: where the token cannot be told, its module is started again, which ends every login. */
    public void logout() {
        if (pool.generation().login() == LoginState.ABSENT) {
            return;
        }
        long moduleGeneration = pool.generation().moduleGeneration();
        try (SessionLease lease = pool.lease(true)) {
            moduleGeneration = lease.generation().moduleGeneration();
            try {
                lease.cryptoki().logout(lease.session());
            } catch (CryptokiException e) {
                if (e.returnValue() != CKR.USER_NOT_LOGGED_IN) {
                    pool.end(lease.generation().number(), e.getMessage(), true);
                    module.restart(moduleGeneration, "logging out failed: " + e.getMessage());
                    return;
                }
            }
            pool.loginChanged(lease, lease.generation().login().suffices() ? loggedOut(lease) : LoginState.LOGGED_OUT);
            lease.keep();
        } catch (TokenException.Removed e) {
            // With the token its login went.
        } catch (TokenException e) {
            module.restart(moduleGeneration, "logging out failed: " + e.getMessage());
        }
    }

    private static LoginState loggedOut(SessionLease lease) {
        return lease.generation().login() == LoginState.NOT_NEEDED ? LoginState.NOT_NEEDED : LoginState.LOGGED_OUT;
    }
}
