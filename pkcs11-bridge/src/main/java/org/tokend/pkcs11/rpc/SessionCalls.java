package org.tokend.pkcs11.rpc;

import java.util.Map;

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
}
