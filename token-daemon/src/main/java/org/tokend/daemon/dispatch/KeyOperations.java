package org.tokend.daemon.dispatch;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Decision;
import org.tokend.daemon.access.Grant;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.rejection.DecryptBudget;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.token.TokenWorkers;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.daemon.unlock.UnlockReason;
import org.tokend.daemon.unlock.UnlockService;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

/** Requests that use a private key, stage by stage. */
final class KeyOperations {
    private static final Logger LOG = LoggerFactory.getLogger(KeyOperations.class);
    /** A login can be lost between the unlocking and the use: then once more from the start. */
    private static final int ATTEMPTS = 2;

    private final TokenDirectory directory;
    private final AccessPolicy policy;
    private final UnlockService unlock;
    private final TokenWorkers workers;
    private final DecryptBudget budget;
    private final AuditLog audit;

    KeyOperations(Stages stages) {
        this.directory = stages.directory();
        this.policy = stages.policy();
        this.unlock = stages.unlock();
        this.workers = stages.workers();
        this.budget = stages.budget();
        this.audit = stages.audit();
    }

    /** One request on its way. */
    private record Call(Caller caller, KeyReference key, KeyTask task, EventSink events) {}

    Reply run(Caller caller, KeyReference key, KeyTask task, EventSink events) {
        Call call = new Call(caller, key, task, events);
        Trace trace = new Trace();
        Reply reply;
        try {
            reply = attempt(call, trace);
        } catch (RefusalException e) {
            reply = Failures.of(e);
        } catch (UnlockException e) {
            reply = Failures.of(e);
        } catch (TokenException e) {
            reply = Failures.of(e);
        } catch (Decryptor.UndecryptableException e) {
            reply = Failures.of(e);
        } catch (RuntimeException e) {
            LOG.error("request=failed event={}", task.event(), e);
            reply = Failures.defect();
        }
        return record(call, trace, reply);
    }

    private Reply attempt(Call call, Trace trace)
            throws RefusalException, UnlockException, TokenException, Decryptor.UndecryptableException {
        for (int attempt = 1; ; attempt++) {
            FoundKey found = call.key.find(directory, call.events);
            Grant grant = grant(call, found, trace);
            if (unlocked(call, found)) {
                // After a login a token shows more: perhaps a second key of this name, or that the key asks each time.
                found = call.key.find(directory, call.events);
                grant = grant(call, found, trace);
            }
            try {
                return use(call, found, grant);
            } catch (TokenException.LoginRequired e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Grant grant(Call call, FoundKey found, Trace trace) throws RefusalException, UnlockException {
        KeyDescriptor key = found.key();
        boolean sameKey = found.equals(trace.found);
        trace.found = found;
        if (key.problem() != null) {
            throw new RefusalException(ErrorCode.KEY_MISMATCH, key.problem());
        }
        call.task.check(key);
        Decision decision = policy.decide(call.caller, key, call.task.use());
        return switch (decision) {
            case Decision.Granted granted -> rationed(call, found, granted.grant());
            case Decision.Denied denied -> throw new RefusalException(ErrorCode.DENIED, denied.reason());
            case Decision.NeedsConfirmation needed -> {
                if (!sameKey) {
                    unlock.confirm(found.token(), reason(call, key), call.events);
                }
                yield rationed(call, found, needed.grant());
            }
        };
    }

    private Grant rationed(Call call, FoundKey found, Grant grant) throws RefusalException, UnlockException {
        byte[] ciphertext = call.task instanceof RationedTask rationed ? rationed.rationedCiphertext() : null;
        KeyDescriptor key = found.key();
        if (ciphertext == null || budget.spend(call.caller, key.fingerprint(), ciphertext)) {
            return grant;
        }
        try {
            unlock.confirm(found.token(), reason(call, key), call.events);
        } catch (UnlockException e) {
            if (e.code() != ErrorCode.NO_PROMPT) {
                throw e;
            }
            throw new RefusalException(
                    ErrorCode.BUSY,
                    "the program " + call.caller.program()
                            + " has had too many different ciphertexts decrypted with the " + "key " + key.fingerprint()
                            + " within a minute; ask again later, or raise decrypt-budget");
        }
        budget.renew(call.caller, key.fingerprint());
        budget.spend(call.caller, key.fingerprint(), ciphertext);
        return grant;
    }

    /** @return whether the token was locked before */
    private boolean unlocked(Call call, FoundKey found) throws UnlockException, TokenException {
        boolean wasLocked = found.token().state() instanceof TokenState.LoggedOut;
        unlock.ensureUnlocked(found.token(), reason(call, found.key()), call.events);
        if (wasLocked) {
            directory.refresh(found.token());
        }
        return wasLocked;
    }

    private Reply use(Call call, FoundKey found, Grant grant)
            throws TokenException, UnlockException, RefusalException, Decryptor.UndecryptableException {
        Turn turn = new Turn(call.task, found, workers.of(found.token()), grant);
        if (found.key().alwaysAuthenticate()) {
            unlock.withContextPin(found.token(), found.key(), reason(call, found.key()), call.events, turn::take);
        } else {
            turn.take(null);
        }
        unlock.touched(found.token());
        return turn.reply();
    }

    private Reply record(Call call, Trace trace, Reply reply) {
        FoundKey found = trace.found;
        AuditEntry entry = new AuditEntry(
                call.task.event(),
                call.caller,
                found == null ? null : found.token().identity().uri().toString(),
                found == null ? call.key.text() : found.key().fingerprint().toString(),
                call.task.use().algorithm().wireName(),
                call.task.use().purpose(),
                reply instanceof Reply.Failure failure ? failure.code().wireName() : AuditEntry.OK,
                reply instanceof Reply.Failure ? null : call.task.verified(),
                call.task.detail());
        try {
            audit.record(entry, found != null && policy.needsDurableAudit(found.key()));
            return reply;
        } catch (IOException e) {
            LOG.error("audit=failed reason=\"{}\"", e.getMessage());
            return Failures.auditUnwritable();
        }
    }

    private static UnlockReason reason(Call call, KeyDescriptor key) {
        return new UnlockReason(
                call.caller, key, call.task.action(), call.task.use().purpose());
    }
}
