package org.tokend.daemon.dispatch;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.token.Descriptions;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.daemon.unlock.UnlockReason;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.Reply;
import org.tokend.protocol.TokenDescription;

/** Requests about tokens that use no private key. */
final class TokenRequests {
    private static final Logger LOG = LoggerFactory.getLogger(TokenRequests.class);

    private final Stages stages;
    private final ServiceFacts facts;

    TokenRequests(Stages stages, ServiceFacts facts) {
        this.stages = stages;
        this.facts = facts;
    }

    Reply list(EventSink events) {
        stages.directory().awaitStart(events);
        return new Reply.Tokens(descriptions());
    }

    Reply listKeys(Caller caller, ListKeys request, EventSink events) throws RefusalException {
        String uri = request.token();
        String name = request.key();
        List<KeyDescriptor> keys = new ArrayList<>();
        for (Token token : stages.directory().tokens(uri, events)) {
            if (token.state() instanceof TokenState.Absent || token.state() instanceof TokenState.Failed) {
                continue;
            }
            try {
                for (KeyDescriptor key : name == null
                        ? stages.directory().keys(token)
                        : stages.directory().keys(token, name)) {
                    if (stages.policy().shows(caller, key)) {
                        keys.add(key);
                    }
                }
            } catch (TokenException e) {
                if (uri != null) {
                    return Failures.of(e);
                }
                // One token that does not answer hides its own keys only; ListTokens says what ails it, and the log has
                // why it failed.
                if (!(e instanceof TokenException.Failed)) {
                    LOG.warn(
                            "token=unreadable uri=\"{}\" reason=\"{}\"",
                            token.identity().uri(),
                            e.getMessage());
                }
            }
        }
        return new Reply.Keys(Descriptions.of(keys));
    }

    /** From what is known: never waits for a token. */
    Reply status() {
        return new Reply.StatusReport(
                facts.version(),
                facts.pid(),
                facts.started(),
                facts.connections().getAsInt(),
                stages.directory().modules(),
                descriptions());
    }

    Reply unlock(Caller caller, String uri, EventSink events) throws RefusalException {
        Token token = stages.directory().token(uri, events);
        Reply reply;
        try {
            stages.unlock().ensureUnlocked(token, new UnlockReason(caller, null, "unlock", ""), events);
            stages.directory().refresh(token);
            reply = new Reply.Done();
        } catch (UnlockException e) {
            reply = Failures.of(e);
        } catch (TokenException e) {
            reply = Failures.of(e);
        }
        return record(AuditEntry.Event.UNLOCK, caller, token, reply);
    }

    /** At once when the token is unlocked already and there is a key on it that the caller may use. */
    Reply logIn(Caller caller, Token token, @Nullable MemorySegment pin, EventSink events) {
        UnlockReason reason = new UnlockReason(caller, null, "unlock", "");
        boolean wasLocked = token.state() instanceof TokenState.LoggedOut;
        Reply reply;
        try {
            if (mayUseNothing(caller, token)) {
                reply = new Reply.Failure(
                        ErrorCode.DENIED,
                        "the program " + caller.program() + " may use no key of the token "
                                + token.identity().uri()
                                + "; [[application]] tables in the configuration say which it may");
            } else {
                stages.unlock().ensureUnlocked(token, reason, pin, events);
                if (wasLocked) {
                    stages.directory().refresh(token);
                }
                reply = new Reply.Done();
            }
        } catch (UnlockException e) {
            reply = Failures.of(e);
        } catch (TokenException e) {
            reply = Failures.of(e);
        }
        return record(AuditEntry.Event.UNLOCK, caller, token, reply);
    }

    /** A token that shows no key before a login may still hold one. */
    private boolean mayUseNothing(Caller caller, Token token) throws TokenException {
        AccessPolicy policy = stages.policy();
        List<KeyDescriptor> keys = stages.directory().keys(token);
        return !keys.isEmpty()
                && keys.stream().noneMatch(key -> policy.mayUse(caller, key))
                && policy.objectionToManaging(caller).isPresent();
    }

    Reply lock(Caller caller, @Nullable String uri) throws RefusalException {
        Reply reply = new Reply.Done();
        for (Token token : stages.directory().tokens(uri, EventSink.NONE)) {
            stages.unlock().lock(token);
            reply = record(AuditEntry.Event.LOCK, caller, token, reply);
        }
        return reply;
    }

    private List<TokenDescription> descriptions() {
        return stages.directory().tokens().stream()
                .map(token -> Descriptions.of(
                        token,
                        stages.directory().knownKeyCount(token),
                        stages.unlock().tries(token),
                        stages.directory().problem(token)))
                .toList();
    }

    private Reply record(AuditEntry.Event event, Caller caller, Token token, Reply reply) {
        AuditEntry entry = new AuditEntry(
                event,
                caller,
                token.identity().uri().toString(),
                null,
                null,
                "",
                reply instanceof Reply.Failure failure ? failure.code().wireName() : AuditEntry.OK,
                null);
        try {
            stages.audit().record(entry, false);
            return reply;
        } catch (IOException e) {
            LOG.error("audit=failed reason=\"{}\"", e.getMessage());
            return Failures.auditUnwritable();
        }
    }
}
