package org.tokend.daemon.dispatch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.unlock.LoginJournal;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.pkcs11.token.Token;

/** Logins in the audit, those too that came with the use of a key, and those that ended because nobody used them. */
public final class LoginRecords implements LoginJournal {
    private static final Logger LOG = LoggerFactory.getLogger(LoginRecords.class);

    private final AuditLog audit;

    public LoginRecords(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void began(Token token, Caller caller) throws UnlockException {
        try {
            audit.record(entry(AuditEntry.Event.LOGIN, caller, token, null), false);
        } catch (IOException e) {
            LOG.error("audit=failed reason=\"{}\"", e.getMessage());
            throw new UnlockException(
                    Failures.auditUnwritable().code(),
                    Failures.auditUnwritable().message());
        }
    }

    @Override
    public void ended(Token token, String why) {
        try {
            audit.record(entry(AuditEntry.Event.LOGOUT, null, token, why), false);
        } catch (IOException e) {
            // The token is locked all the same: that is the safe side.
            LOG.error("audit=failed reason=\"{}\"", e.getMessage());
        }
    }

    private static AuditEntry entry(
            AuditEntry.Event event, @Nullable Caller caller, Token token, @Nullable String detail) {
        return AuditEntry.ofToken(event, caller, token.identity().uri().toString(), AuditEntry.OK, detail);
    }
}
