package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A session that closes itself. */
public record TestSession(Cryptoki cryptoki, long handle) implements AutoCloseable {

    public static long slot(Cryptoki cryptoki) throws CryptokiException {
        for (long slot : cryptoki.getSlotList(true)) {
            if ((cryptoki.getTokenInfo(slot).flags() & CKF.TOKEN_INITIALIZED) != 0) {
                return slot;
            }
        }
        throw new IllegalStateException("no initialised token");
    }

    public static TestSession open(Cryptoki cryptoki) throws CryptokiException {
        return new TestSession(cryptoki, cryptoki.openSession(slot(cryptoki), CKF.SERIAL_SESSION | CKF.RW_SESSION));
    }

    public static TestSession loggedIn(Cryptoki cryptoki) throws CryptokiException {
        TestSession session = open(cryptoki);
        session.login(SoftHsm.PIN);
        return session;
    }

    public void login(String pin) throws CryptokiException {
        login(CKU.USER, pin);
    }

    public void login(long userType, String pin) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            cryptoki.login(handle, userType, segment(arena, pin));
        }
    }

    public static MemorySegment segment(Arena arena, String pin) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, pin.getBytes(StandardCharsets.UTF_8));
    }

    public long[] find(List<Attribute> template) throws CryptokiException {
        cryptoki.findObjectsInit(handle, template);
        try {
            return cryptoki.findObjects(handle, 100);
        } finally {
            cryptoki.findObjectsFinal(handle);
        }
    }

    @Override
    public void close() throws CryptokiException {
        cryptoki.closeSession(handle);
    }
}
