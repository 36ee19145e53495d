package org.tokend.daemon.dispatch;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.issuance.Occasion;
import org.tokend.daemon.issuance.Occasions;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.daemon.unlock.UnlockReason;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.CloseOccasion;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.OpenOccasion;
import org.tokend.protocol.Reply;

/** Lets a CA's key be used for a while, and ends that: when asked, or by itself. The token is locked at the end. */
final class OccasionRequests {
    private static final Logger LOG = LoggerFactory.getLogger(OccasionRequests.class);

    private final Stages stages;
    private final Occasions occasions;
    private final InstantSource clock;

    OccasionRequests(Stages stages, Occasions occasions, InstantSource clock) {
        this.stages = stages;
        this.occasions = occasions;
        this.clock = clock;
    }

    Reply open(Caller caller, OpenOccasion request, EventSink events) throws RefusalException {
        FoundKey found;
        try {
            found = stages.directory().key(request.key(), events);
        } catch (TokenException e) {
            return Failures.of(e);
        }
        Reply reply;
        try {
            allow(caller, found, request, events);
            return begin(caller, found, request);
        } catch (RefusalException e) {
            reply = Failures.of(e);
        } catch (UnlockException e) {
            reply = Failures.of(e);
        } catch (TokenException e) {
            reply = Failures.of(e);
        }
        return record(entry(AuditEntry.Event.OPEN_OCCASION, caller, found, request.name(), reply, null), reply);
    }

    private void allow(Caller caller, FoundKey found, OpenOccasion request, EventSink events)
            throws RefusalException, UnlockException, TokenException {
        Optional<String> objection = stages.policy().objectionToIssuing(caller, found.key());
        if (objection.isPresent()) {
            throw new RefusalException(ErrorCode.DENIED, objection.get());
        }
        UnlockReason reason = new UnlockReason(
                caller,
                found.key(),
                "sign certificates and revocation lists for " + words(Duration.ofSeconds(request.seconds())),
                request.name());
        if (stages.policy().objectionToManaging(caller).isPresent()) {
            stages.unlock().confirm(found.token(), reason, events);
        }
        stages.unlock().ensureUnlocked(found.token(), reason, events);
        stages.directory().refresh(found.token());
    }

    /** On record before anything can be signed. */
    private Reply begin(Caller caller, FoundKey found, OpenOccasion request) throws RefusalException {
        Occasion occasion = new Occasion(
                found.key().fingerprint(),
                request.name(),
                caller.uid(),
                clock.instant().plusSeconds(request.seconds()).truncatedTo(ChronoUnit.MILLIS));
        occasions.open(occasion);
        Reply done = new Reply.Done();
        String detail = "until=" + occasion.until();
        Reply reply = record(entry(AuditEntry.Event.OPEN_OCCASION, caller, found, occasion.name(), done, detail), done);
        if (reply instanceof Reply.Failure) {
            occasions.close(occasion);
        } else {
            Thread.ofVirtual().name("occasion").start(() -> endInTime(found, occasion));
        }
        return reply;
    }

    Reply close(Caller caller, CloseOccasion request) throws RefusalException {
        FoundKey found;
        try {
            found = stages.directory().key(request.key(), EventSink.NONE);
        } catch (TokenException e) {
            return Failures.of(e);
        }
        Occasion occasion = occasions
                .close(found.key().fingerprint())
                .orElseThrow(() -> new RefusalException(
                        ErrorCode.INVALID_REQUEST,
                        "no occasion is open for the key " + found.key().fingerprint() + "; there is nothing to end"));
        return ended(caller, found, occasion);
    }

    private void endInTime(FoundKey found, Occasion occasion) {
        try {
            Thread.sleep(Duration.between(clock.instant(), occasion.until()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (occasions.close(occasion)) {
            ended(null, found, occasion);
        }
    }

    private Reply ended(@Nullable Caller caller, FoundKey found, Occasion occasion) {
        stages.unlock().lock(found.token());
        Reply done = new Reply.Done();
        String detail = occasion.summary() + (caller == null ? ", its time was over" : "");
        return record(entry(AuditEntry.Event.CLOSE_OCCASION, caller, found, occasion.name(), done, detail), done);
    }

    private static AuditEntry entry(
            AuditEntry.Event event,
            @Nullable Caller caller,
            FoundKey found,
            String name,
            Reply reply,
            @Nullable String detail) {
        return new AuditEntry(
                event,
                caller,
                found.token().identity().uri().toString(),
                found.key().fingerprint().toString(),
                null,
                name,
                reply instanceof Reply.Failure failure ? failure.code().wireName() : AuditEntry.OK,
                null,
                detail);
    }

    private Reply record(AuditEntry entry, Reply reply) {
        try {
            stages.audit().record(entry, true);
            return reply;
        } catch (IOException e) {
            LOG.error("audit=failed reason=\"{}\"", e.getMessage());
            return Failures.auditUnwritable();
        }
    }

    private static String words(Duration length) {
        return length.toSeconds() % 60 == 0 ? length.toMinutes() + " min" : length.toSeconds() + " s";
    }
}
