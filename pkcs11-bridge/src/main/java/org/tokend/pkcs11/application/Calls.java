package org.tokend.pkcs11.application;

import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** How a call is carried out, and what it needs for that. */
record Calls(
        ApplicationGate gate, Quota quota, Sessions sessions, Mechanisms mechanisms, Objects objects, KeyChoice keys) {

    /** What is done outside any session. */
    interface Call<T> {
        T apply() throws CryptokiException, TokenException;
    }

    static <T> T in(String function, Call<T> call) throws CryptokiException {
        try {
            return call.apply();
        } catch (TokenException e) {
            throw Refusal.of(function, e);
        } catch (CryptokiException e) {
            throw Refusal.in(function, e);
        }
    }

    <T> T in(String function, long session, Sessions.Call<T> call) throws CryptokiException {
        return sessions.in(function, session, call);
    }

    /** What returns nothing. */
    interface Step {
        void apply(Session session) throws CryptokiException, TokenException;
    }

    void step(String function, long session, Step step) throws CryptokiException {
        sessions.in(function, session, s -> {
            step.apply(s);
            return true;
        });
    }

    /** An Init function. */
    void begin(String function, long session, Class<? extends Operation> kind, Sessions.Call<? extends Operation> start)
            throws CryptokiException {
        step(function, session, s -> {
            s.requireNo(kind);
            s.begin(start.apply(s));
        });
    }
}
