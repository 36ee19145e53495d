package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.issuance.Issuance;
import org.tokend.daemon.issuance.IssuanceReader;
import org.tokend.daemon.issuance.Occasion;
import org.tokend.daemon.issuance.Occasions;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Sign;

/**
 * Signs a certificate or a revocation list that the daemon has read, on an occasion that a person opened. What is signed is hashed here:
 * the caller cannot show one thing and have another signed.
 */
final class IssueTask implements KeyTask {
    private final Caller caller;
    private final Issuance issuance;
    private final SignTask signing;
    private final Occasions occasions;

    /** Known once the key is. */
    private @Nullable Occasion occasion;

    private IssueTask(Caller caller, Issuance issuance, SignTask signing, Occasions occasions) {
        this.caller = caller;
        this.issuance = issuance;
        this.signing = signing;
        this.occasions = occasions;
    }

    static IssueTask of(Caller caller, Sign request, SignatureVerifier verifier, Occasions occasions)
            throws RefusalException {
        Issuance issuance = IssuanceReader.read(request);
        Sign digest = new Sign(
                request.key(),
                request.algorithm(),
                Sign.Kind.DIGEST,
                issuance.toSign(request.algorithm()),
                request.purpose());
        return new IssueTask(caller, issuance, new SignTask(digest, verifier), occasions);
    }

    @Override
    public KeyUse use() {
        Occasion current = occasion;
        return new KeyUse(
                signing.request().algorithm(),
                issuance.what(),
                current == null ? signing.request().purpose() : current.name());
    }

    @Override
    public String action() {
        return "sign the " + issuance.words();
    }

    @Override
    public String detail() {
        return issuance.facts();
    }

    @Override
    public AuditEntry.Event event() {
        return issuance.what() == KeyUse.What.CERTIFICATE
                ? AuditEntry.Event.ISSUE_CERTIFICATE
                : AuditEntry.Event.ISSUE_CRL;
    }

    @Override
    public @Nullable Boolean verified() {
        return signing.verified();
    }

    @Override
    public boolean provesPossession() {
        return signing.provesPossession();
    }

    @Override
    public void check(KeyDescriptor key) throws RefusalException {
        occasion = occasions.current(caller, key.fingerprint());
        issuance.requireIssuer(key);
        signing.check(key);
    }

    @Override
    public Reply run(FoundKey found, @Nullable MemorySegment pin) throws TokenException, RefusalException {
        // Somebody may have closed it while the person was asked for the PIN.
        Occasion current = occasions.current(caller, found.key().fingerprint());
        Reply reply = signing.run(found, pin);
        current.count(issuance.what());
        return reply;
    }
}
