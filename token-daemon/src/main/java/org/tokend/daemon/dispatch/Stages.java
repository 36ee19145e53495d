package org.tokend.daemon.dispatch;

import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.rejection.DecryptBudget;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.token.TokenWorkers;
import org.tokend.daemon.unlock.UnlockService;
import org.tokend.daemon.verification.SignatureVerifier;

/**
 * What the hot path is made of.
 *
 * @param verifier null when the configuration switches verification off
 */
public record Stages(
        TokenDirectory directory,
        AccessPolicy policy,
        UnlockService unlock,
        TokenWorkers workers,
        @Nullable SignatureVerifier verifier,
        Decryptor decryptor,
        DecryptBudget budget,
        AuditLog audit) {}
