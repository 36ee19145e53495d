package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.Grant;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.token.TokenWorker;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Reply;

/** One turn at the token: the proof that it holds the key, and the task. Keeps the outcome that is no token's error. */
final class Turn {
    private final KeyTask task;
    private final FoundKey found;
    private final TokenWorker worker;
    private final Grant grant;
    private @Nullable Reply reply;
    private @Nullable RefusalException refusal;
    private Decryptor.@Nullable UndecryptableException undecryptable;

    Turn(KeyTask task, FoundKey found, TokenWorker worker, Grant grant) {
        this.task = task;
        this.found = found;
        this.worker = worker;
        this.grant = grant;
    }

    /** Returned only for use as a function; the reply is kept here. */
    boolean take(@Nullable MemorySegment pin) throws TokenException {
        try {
            return worker.run(grant, found.token(), () -> run(pin));
        } catch (RefusalException e) {
            refusal = e;
            return false;
        }
    }

    private boolean run(@Nullable MemorySegment pin) throws TokenException {
        // A key that asks each time would ask once more for the proof, at a PIN pad so that the person notices.
        if (!found.key().alwaysAuthenticate() || !task.provesPossession()) {
            found.token().provePossession(found.key(), pin);
        }
        try {
            reply = task.run(found, pin);
            return true;
        } catch (RefusalException e) {
            refusal = e;
        } catch (Decryptor.UndecryptableException e) {
            undecryptable = e;
        }
        return false;
    }

    Reply reply() throws RefusalException, Decryptor.UndecryptableException {
        if (refusal != null) {
            throw refusal;
        }
        if (undecryptable != null) {
            throw undecryptable;
        }
        if (reply == null) {
            throw new IllegalStateException("the turn was not taken");
        }
        return reply;
    }
}
