package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** An application with one token in its first slot. */
final class ApplicationRig implements AutoCloseable {
    static final long READ_ONLY = CKF.SERIAL_SESSION;
    static final long MEMORY = 64 << 20;
    static final long READ_WRITE = CKF.SERIAL_SESSION | CKF.RW_SESSION;

    final FakeToken token = new FakeToken("one");
    final FakeGate gate = new FakeGate();
    final long slot = gate.add(token, false);
    final MemoryBudget memory = new MemoryBudget(MEMORY);
    final Application application;

    ApplicationRig() {
        this(ApplicationLimits.DEFAULT);
    }

    ApplicationRig(ApplicationLimits limits) {
        application = new Application(gate, limits, memory.share("program"));
    }

    long open() throws CryptokiException {
        return application.openSession(slot, READ_ONLY);
    }

    long openReadWrite() throws CryptokiException {
        return application.openSession(slot, READ_WRITE);
    }

    long openLoggedIn() throws CryptokiException {
        long session = openReadWrite();
        application.login(session, CKU.USER, null);
        return session;
    }

    void login(long session, long userType, String pin) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            application.login(
                    session, userType, arena.allocateFrom(ValueLayout.JAVA_BYTE, pin.getBytes(StandardCharsets.UTF_8)));
        }
    }

    long[] find(long session, Attribute... template) throws CryptokiException {
        application.findObjectsInit(session, List.of(template));
        long[] found = application.findObjects(session, 10_000);
        application.findObjectsFinal(session);
        return found;
    }

    long findOne(long session, long objectClass, String label) throws CryptokiException {
        long[] found = find(
                session,
                Attribute.of(CKA.CLASS, objectClass),
                Attribute.of(CKA.LABEL, label.getBytes(StandardCharsets.UTF_8)));
        if (found.length != 1) {
            throw new AssertionError(found.length + " objects are labelled " + label);
        }
        return found[0];
    }

    static void refused(long returnValue, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(InstanceOfAssertFactories.throwable(CryptokiException.class))
                .extracting(e -> CKR.nameOf(e.returnValue()))
                .isEqualTo(CKR.nameOf(returnValue));
    }

    @Override
    public void close() {
        application.close();
    }
}
