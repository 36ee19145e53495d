package org.tokend.pkcs11.application;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;

/** A session and what it is in the middle of: at most one operation of each kind. */
final class Session {
    private final long handle;
    private final long slot;
    private final Token token;
    private final boolean readWrite;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Class<? extends Operation>, Operation> operations = new HashMap<>();

    /** Kinds that took a part already: single-part functions do not end them. */
    private final Set<Class<? extends Operation>> inParts = new HashSet<>();

    private volatile boolean closed;

    Session(long handle, long slot, Token token, boolean readWrite) {
        this.handle = handle;
        this.slot = slot;
        this.token = token;
        this.readWrite = readWrite;
    }

    long handle() {
        return handle;
    }

    long slot() {
        return slot;
    }

    Token token() {
        return token;
    }

    boolean readWrite() {
        return readWrite;
    }

    boolean closed() {
        return closed;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        if (closed) {
            wipe();
        }
        lock.unlock();
    }

    /** Waits for nobody: a call that is under way in the session wipes it when it ends. */
    void close() {
        closed = true;
        if (lock.tryLock()) {
            unlock();
        }
    }

    private void wipe() {
        operations.values().forEach(Operation::wipe);
        operations.clear();
        inParts.clear();
    }

    void requireNo(Class<? extends Operation> kind) throws CryptokiException {
        if (operations.containsKey(kind)) {
            throw Refusal.of(CKR.OPERATION_ACTIVE);
        }
    }

    void begin(Operation operation) {
        operations.put(operation.getClass(), operation);
    }

    boolean isActive(Class<? extends Operation> kind) {
        return operations.containsKey(kind);
    }

    <T extends Operation> T operation(Class<T> kind) throws CryptokiException {
        Operation operation = operations.get(kind);
        if (operation == null) {
            throw Refusal.of(CKR.OPERATION_NOT_INITIALIZED);
        }
        return kind.cast(operation);
    }

    void end(Class<? extends Operation> kind) {
        inParts.remove(kind);
        Operation ended = operations.remove(kind);
        if (ended != null) {
            ended.wipe();
        }
    }

    /** C_Sign and its like: it ends the operation, whatever comes of it (PKCS#11 v3.1 §5.13.2). */
    byte[] single(Class<? extends Transformation> kind, byte[] data) throws CryptokiException, TokenException {
        Transformation operation = operation(kind);
        try {
            requireWhole(kind);
            operation.update(data);
            return operation.finish();
        } finally {
            end(kind);
        }
    }

    /** A single-part function does not end what was begun in parts. */
    private void requireWhole(Class<? extends Operation> kind) throws CryptokiException {
        if (inParts.contains(kind)) {
            throw Refusal.of(CKR.OPERATION_NOT_INITIALIZED);
        }
    }

    /** C_SignUpdate and its like: a failure ends the operation. */
    void update(Class<? extends Transformation> kind, byte[] part) throws CryptokiException {
        Transformation operation = operation(kind);
        markInParts(kind);
        try {
            operation.update(part);
        } catch (CryptokiException e) {
            end(kind);
            throw e;
        }
    }

    byte[] finish(Class<? extends Transformation> kind) throws CryptokiException, TokenException {
        Transformation operation = operation(kind);
        try {
            return operation.finish();
        } finally {
            end(kind);
        }
    }

    void verify(byte[] data, byte[] signature) throws CryptokiException {
        Verifying operation = operation(Verifying.class);
        try {
            requireWhole(Verifying.class);
            operation.update(data);
            operation.finish(signature);
        } finally {
            end(Verifying.class);
        }
    }

    void verifyUpdate(byte[] part) throws CryptokiException {
        Verifying operation = operation(Verifying.class);
        markInParts(Verifying.class);
        try {
            operation.update(part);
        } catch (CryptokiException e) {
            end(Verifying.class);
            throw e;
        }
    }

    void verifyFinal(byte[] signature) throws CryptokiException {
        Verifying operation = operation(Verifying.class);
        try {
            operation.finish(signature);
        } finally {
            end(Verifying.class);
        }
    }

    void markInParts(Class<? extends Operation> kind) {
        inParts.add(kind);
    }

    OptionalInt bound(Class<? extends Transformation> kind) throws CryptokiException {
        return OptionalInt.of(operation(kind).bound());
    }

    /** For parts that are only taken in. */
    OptionalInt nothing(Class<? extends Transformation> kind) throws CryptokiException {
        operation(kind);
        return OptionalInt.of(0);
    }

    long flags() {
        return CKF.SERIAL_SESSION | (readWrite ? CKF.RW_SESSION : 0);
    }
}
