package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** A read-write session on the fixture's token; closing it ends the session, and with the last one the login. */
record TestSession(Cryptoki cryptoki, long handle) implements AutoCloseable {

    static long slot(Cryptoki cryptoki, SoftHsmToken token) throws CryptokiException {
        for (long slot : cryptoki.getSlotList(true)) {
            if (cryptoki.getTokenInfo(slot).label().equals(token.label())) {
                return slot;
            }
        }
        throw new IllegalStateException("no slot holds " + token);
    }

    static TestSession open(Cryptoki cryptoki, SoftHsmToken token) throws CryptokiException {
        return new TestSession(
                cryptoki, cryptoki.openSession(slot(cryptoki, token), CKF.SERIAL_SESSION | CKF.RW_SESSION));
    }

    static TestSession loggedIn(Cryptoki cryptoki, SoftHsmToken token) throws CryptokiException {
        TestSession session = open(cryptoki, token);
        session.login(CKU.USER, token.pinBytes());
        return session;
    }

    void login(long userType, byte[] pin) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            cryptoki.login(handle, userType, segment(arena, pin));
        }
    }

    static MemorySegment segment(Arena arena, byte[] pin) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, pin);
    }

    long state() throws CryptokiException {
        return cryptoki.getSessionInfo(handle).state();
    }

    long[] find(Attribute... template) throws CryptokiException {
        cryptoki.findObjectsInit(handle, List.of(template));
        try {
            return cryptoki.findObjects(handle, 100);
        } finally {
            cryptoki.findObjectsFinal(handle);
        }
    }

    long create(List<Attribute> template) throws CryptokiException {
        return cryptoki.createObject(handle, template);
    }

    @Override
    public void close() throws CryptokiException {
        cryptoki.closeSession(handle);
    }
}
