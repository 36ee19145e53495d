package org.tokend.pkcs11.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKS;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.host.Pkcs11Module;

/** Finds a token again and opens the first session on it. */
final class TokenProbe {
    record Found(long session, TokenSlot slot, LoginState login) {}

    private final Pkcs11Module module;
    private final TokenIdentity token;
    private final boolean readWrite;

    TokenProbe(Pkcs11Module module, TokenIdentity token, boolean readWrite) {
        this.module = module;
        this.token = token;
        this.readWrite = readWrite;
    }

    /** A connection to the start of the module in which this generation's handles hold. */
    Cryptoki connect(long moduleGeneration) throws TokenException.ModuleUnavailable, CryptokiException {
        Cryptoki connection = connect();
        if (module.generation() != moduleGeneration) {
            connection.close();
            throw new ConnectionLostException("connect", false);
        }
        return connection;
    }

    Cryptoki connect() throws TokenException.ModuleUnavailable, CryptokiException {
        try {
            return module.connect();
        } catch (ConnectionLostException e) {
            throw e;
        } catch (CryptokiException e) {
            throw new TokenException.ModuleUnavailable("The PKCS#11 module " + module.name() + " of the token " + token
                    + " cannot be used: " + e.getMessage() + ".");
        }
    }

    /**
     * @param logoutFirst nobody is logged in, whatever the module thinks
     * @return null when the token is in no slot
     */
    @Nullable
    Found look(Cryptoki connection, boolean logoutFirst) throws CryptokiException {
        Optional<TokenSlot> slot = TokenSlot.find(connection, token);
        if (slot.isEmpty()) {
            return null;
        }
        long session = open(connection, slot.get());
        return new Found(session, slot.get(), login(connection, session, slot.get(), logoutFirst));
    }

    long open(Cryptoki connection, TokenSlot slot) throws CryptokiException {
        return connection.openSession(slot.slot(), CKF.SERIAL_SESSION | (readWrite ? CKF.RW_SESSION : 0));
    }

    /** Never fails: a session that cannot be closed is gone already. */
    static void close(Cryptoki connection, long session) {
        try {
            connection.closeSession(session);
        } catch (CryptokiException e) {
            // See above.
        }
    }

    private static LoginState login(Cryptoki connection, long session, TokenSlot slot, boolean logoutFirst)
            throws CryptokiException {
        if (!slot.loginRequired()) {
            return LoginState.NOT_NEEDED;
        }
        if (logoutFirst) {
            try {
                connection.logout(session);
            } catch (ConnectionLostException e) {
                throw e;
            } catch (CryptokiException e) {
                // Nobody was logged in: as wanted.
            }
            return LoginState.LOGGED_OUT;
        }
        long state = connection.getSessionInfo(session).state();
        boolean user = state == CKS.RO_USER_FUNCTIONS || state == CKS.RW_USER_FUNCTIONS;
        return user ? LoginState.LOGGED_IN : LoginState.LOGGED_OUT;
    }

    TokenException.Removed absent() {
        return new TokenException.Removed("The token " + token + " is not there: insert it, or start its device.");
    }

    TokenException failed(CryptokiException e) {
        if (e instanceof ConnectionLostException lost && lost.deadlinePassed()) {
            return new TokenException.Timeout("The token " + token + " did not answer in time (" + e.function()
                    + "); its module was started again.");
        }
        if (e.returnValue() == CKR.SESSION_COUNT) {
            return new TokenException.Busy("Other programs hold all sessions of the token " + token + "; try again.");
        }
        return new TokenException.Failed("The token " + token + " failed: " + e.getMessage() + ".", e.returnValue());
    }
}
