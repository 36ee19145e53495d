package org.tokend.daemon.application;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.dispatch.Failures;
import org.tokend.daemon.dispatch.Stages;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.application.ApplicationSlot;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.ErrorCode;

/** Changes to tokens and their PINs: who may, and a record of each before it happens. */
final class Management {
    private static final Logger LOG = LoggerFactory.getLogger(Management.class);

    private final Stages stages;
    private final RefusalLimit limit;

    Management(Stages stages, RefusalLimit limit) {
        this.stages = stages;
        this.limit = limit;
    }

    /** @throws CryptokiException CKR_ACTION_PROHIBITED; or that there can be no record, and so no change */
    void manage(Caller caller, String function, @Nullable Token token) throws CryptokiException {
        Optional<String> objection = stages.policy().objectionToManaging(caller);
        if (objection.isPresent()) {
            OptionalLong omitted = limit.next(caller.uid(), caller.program(), function);
            if (omitted.isPresent()) {
                record(caller, function, token, ErrorCode.DENIED.wireName(), omitted.getAsLong());
            }
            throw new CryptokiException(function, CKR.ACTION_PROHIBITED, objection.get());
        }
        record(caller, function, token, AuditEntry.OK, 0);
    }

    private void record(Caller caller, String function, @Nullable Token token, String outcome, long omitted)
            throws CryptokiException {
        AuditEntry entry = AuditEntry.ofToken(
                AuditEntry.Event.MANAGE,
                caller,
                token == null ? null : token.identity().uri().toString(),
                outcome,
                omitted == 0 ? function : function + ", and " + omitted + " refusals before it without a record");
        try {
            // What is allowed changes a token for good, so its record is on the disk before.
            stages.audit().record(entry, outcome.equals(AuditEntry.OK));
        } catch (IOException e) {
            LOG.error("audit=failed reason=\"{}\"", e.getMessage());
            throw ReturnValues.of(function, Failures.auditUnwritable());
        }
    }

    void initialise(ApplicationSlot slot, @Nullable MemorySegment officerPin, String label) throws CryptokiException {
        try {
            stages.directory().initialise(slot.reader(), officerPin, label);
        } catch (RefusalException e) {
            throw ReturnValues.of("C_InitToken", Failures.of(e));
        } catch (TokenException e) {
            throw ReturnValues.of("C_InitToken", Failures.of(e));
        }
    }
}
