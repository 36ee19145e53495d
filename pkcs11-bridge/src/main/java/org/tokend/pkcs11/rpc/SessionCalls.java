package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Serves sessions, logins and PINs. A PIN is handed on as a view of the buffer that it arrived in. */
final class SessionCalls {
    private SessionCalls() {}

    static void addTo(Map<Call, Handler> table) {
        table.put(Call.OPEN_SESSION, x -> {
            long session = x.cryptoki().openSession(x.in().u64(), x.in().u64());
            x.reply().u64(session);
        });
        table.put(Call.CLOSE_SESSION, x -> {
            long session = x.in().u64();
            x.held().drop(session);
            x.cryptoki().closeSession(session);
            x.reply();
        });
        table.put(Call.CLOSE_ALL_SESSIONS, x -> {
            x.held().clear();
            x.cryptoki().closeAllSessions(x.in().u64());
            x.reply();
        });
        table.put(Call.GET_SESSION_INFO, x -> {
            var info = x.cryptoki().getSessionInfo(x.in().u64());
            InfoCodec.write(x.reply(), info);
        });
        table.put(Call.LOGIN, x -> {
            x.cryptoki().login(x.in().u64(), x.in().u64(), x.in().secret());
            x.reply();
        });
        table.put(Call.LOGIN_USER, SessionCalls::loginUser);
        table.put(Call.SESSION_CANCEL, x -> {
            long session = x.in().u64();
            x.held().drop(session);
            x.cryptoki().sessionCancel(session, x.in().u64());
            x.reply();
        });
        table.put(Call.LOGOUT, x -> {
            x.cryptoki().logout(x.in().u64());
            x.reply();
        });
        table.put(Call.INIT_PIN, x -> {
            x.cryptoki().initPin(x.in().u64(), x.in().secret());
            x.reply();
        });
        table.put(Call.SET_PIN, x -> {
            x.cryptoki().setPin(x.in().u64(), x.in().secret(), x.in().secret());
            x.reply();
        });
    }

    /** Tokens with several users, named, are unknown here (PKCS#11 v3.1 §5.6.9); no name is the one there is. */
    private static void loginUser(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        long userType = x.in().u64();
        MemorySegment pin = x.in().secret();
        if (x.in().data().length > 0) {
            throw x.failure(CKR.FUNCTION_NOT_SUPPORTED);
        }
        x.cryptoki().login(session, userType, pin);
        x.reply();
    }
}
