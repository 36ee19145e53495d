package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKS;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;

/**
 * C_Login and C_Logout: what the application is to each token (PKCS#11 v3.1 §5.6.8). The token's own login is the daemon's and
 * outlives it.
 */
final class Logins {
    private final ApplicationGate gate;
    private final Map<Token, Login> byToken = new ConcurrentHashMap<>();

    Logins(ApplicationGate gate) {
        this.gate = gate;
    }

    Login of(Token token) {
        return byToken.computeIfAbsent(token, any -> new Login());
    }

    void login(Session session, long userType, @Nullable MemorySegment pin, Sessions sessions)
            throws CryptokiException, TokenException {
        if (userType == CKU.CONTEXT_SPECIFIC) {
            loginToKey(session);
            return;
        }
        if (userType != CKU.USER && userType != CKU.SO) {
            throw Refusal.of(CKR.USER_TYPE_INVALID);
        }
        Login login = of(session.token());
        login.entering().lock();
        try {
            requireNobody(login, userType);
            boolean entered =
                    userType == CKU.USER ? loginUser(login, session, pin) : loginOfficer(login, session, pin, sessions);
            if (!entered) {
                throw Refusal.of(CKR.SESSION_CLOSED);
            }
        } finally {
            login.entering().unlock();
        }
    }

    /** For keys with CKA_ALWAYS_AUTHENTICATE. The person is asked when the key is used, and then by the gate. */
    private void loginToKey(Session session) throws CryptokiException {
        if (!session.isActive(Signing.class) && !session.isActive(Decrypting.class)) {
            throw Refusal.of(CKR.OPERATION_NOT_INITIALIZED);
        }
        if (!seesPrivate(session.token())) {
            throw Refusal.of(CKR.USER_NOT_LOGGED_IN);
        }
    }

    private static void requireNobody(Login login, long userType) throws CryptokiException {
        Login.State asked = userType == CKU.USER ? Login.State.USER : Login.State.OFFICER;
        if (login.state() == asked) {
            throw Refusal.of(CKR.USER_ALREADY_LOGGED_IN);
        }
        if (login.state() != Login.State.NOBODY) {
            throw Refusal.of(CKR.USER_ANOTHER_ALREADY_LOGGED_IN);
        }
    }

    private boolean loginUser(Login login, Session session, @Nullable MemorySegment pin) throws CryptokiException {
        gate.login(session.token(), pin);
        return login.enterAsUser(session);
    }

    private boolean loginOfficer(Login login, Session session, @Nullable MemorySegment pin, Sessions sessions)
            throws CryptokiException, TokenException {
        gate.manage("C_Login", session.token());
        if (sessions.anyReadOnly(session.token())) {
            throw Refusal.of(CKR.SESSION_READ_ONLY_EXISTS);
        }
        session.token().administration().checkOfficerPin(pin);
        return login.enterAsOfficer(session, pin);
    }

    void logout(Token token) throws CryptokiException {
        Login login = of(token);
        if (login.state() == Login.State.NOBODY) {
            throw Refusal.of(CKR.USER_NOT_LOGGED_IN);
        }
        login.leave();
    }

    void forget(Token token) {
        of(token).leave();
    }

    void forgetAll() {
        byToken.values().forEach(Login::leave);
    }

    boolean isOfficer(Token token) {
        return of(token).state() == Login.State.OFFICER;
    }

    /** Whether private objects are there for the application. */
    boolean seesPrivate(Token token) {
        return of(token).state() == Login.State.USER || token.state() instanceof TokenState.NoLoginNeeded;
    }

    long stateOf(Session session) {
        return switch (of(session.token()).state()) {
            case NOBODY -> session.readWrite() ? CKS.RW_PUBLIC_SESSION : CKS.RO_PUBLIC_SESSION;
            case USER -> session.readWrite() ? CKS.RW_USER_FUNCTIONS : CKS.RO_USER_FUNCTIONS;
            case OFFICER -> CKS.RW_SO_FUNCTIONS;
        };
    }
}
