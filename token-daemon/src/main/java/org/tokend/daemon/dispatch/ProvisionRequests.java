package org.tokend.daemon.dispatch;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.pkcs12.KeyFileException;
import org.tokend.daemon.token.Descriptions;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.daemon.unlock.UnlockReason;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.provision.Certificates;
import org.tokend.pkcs11.provision.KeyPairs;
import org.tokend.pkcs11.provision.KeyProtection;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.DeleteKey;
import org.tokend.protocol.DescribeProtection;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.ExportKey;
import org.tokend.protocol.GenerateKey;
import org.tokend.protocol.ImportCertificates;
import org.tokend.protocol.ImportKey;
import org.tokend.protocol.ProvisionRequest;
import org.tokend.protocol.Reply;

/** Requests that change what is on a token: asked for, unlocked, carried out, recorded. */
final class ProvisionRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ProvisionRequests.class);

    private final Stages stages;
    private final KeyTransfer transfer;

    ProvisionRequests(Stages stages) {
        this.stages = stages;
        this.transfer = new KeyTransfer(stages.unlock());
    }

    /** One request on its way. @param key of an existing key, or null */
    record Change(
            Caller caller,
            ProvisionRequest request,
            Token token,
            @Nullable KeyDescriptor key,
            EventSink events) {
        UnlockReason reason() {
            return new UnlockReason(caller, key, action(request), "");
        }
    }

    Reply run(Caller caller, ProvisionRequest request, EventSink events) throws RefusalException {
        Change change;
        try {
            change = found(caller, request, events);
        } catch (TokenException e) {
            return Failures.of(e);
        }
        Reply reply;
        try {
            if (stages.policy().objectionToManaging(caller).isPresent()) {
                stages.unlock().confirm(change.token(), change.reason(), events);
            }
            stages.unlock().ensureUnlocked(change.token(), change.reason(), events);
            reply = carryOut(seenAfterLogin(change));
            stages.directory().refresh(change.token());
            stages.unlock().touched(change.token());
        } catch (UnlockException e) {
            reply = Failures.of(e);
        } catch (TokenException.KeyAmbiguous e) {
            reply = new Reply.Failure(ErrorCode.KEY_EXISTS, String.valueOf(e.getMessage()));
        } catch (TokenException e) {
            reply = Failures.of(e);
        } catch (KeyFileException e) {
            reply = new Reply.Failure(e.code(), String.valueOf(e.getMessage()));
        }
        return record(change, reply);
    }

    private Change found(Caller caller, ProvisionRequest request, EventSink events)
            throws RefusalException, TokenException {
        return switch (request) {
            case GenerateKey generate -> onToken(caller, request, generate.token(), events);
            case ImportKey key -> onToken(caller, request, key.token(), events);
            case ImportCertificates certificates -> onToken(caller, request, certificates.token(), events);
            case ExportKey export -> ofKey(caller, request, export.key(), events);
            case DeleteKey delete -> ofKey(caller, request, delete.key(), events);
        };
    }

    private Change onToken(Caller caller, ProvisionRequest request, String uri, EventSink events)
            throws RefusalException {
        return new Change(caller, request, stages.directory().token(uri, events), null, events);
    }

    private Change ofKey(Caller caller, ProvisionRequest request, String name, EventSink events)
            throws RefusalException, TokenException {
        FoundKey found = stages.directory().key(name, events);
        return new Change(caller, request, found.token(), found.key(), events);
    }

    /** Before a login a token may show the public half of a key only. */
    private Change seenAfterLogin(Change change) throws TokenException {
        KeyDescriptor before = change.key();
        if (before == null || before.seen()) {
            return change;
        }
        KeyDescriptor after = change.token().keys().stream()
                .filter(key -> key.fingerprint().equals(before.fingerprint()) && key.seen())
                .findFirst()
                .orElse(before);
        return new Change(change.caller(), change.request(), change.token(), after, change.events());
    }

    private Reply carryOut(Change change) throws TokenException, UnlockException, KeyFileException {
        Token token = change.token();
        return switch (change.request()) {
            case GenerateKey generate -> keys(List.of(new KeyPairs(token).generate(KeyKinds.wanted(generate))));
            case ImportKey key -> keys(List.of(transfer.store(change, key)));
            case ImportCertificates certificates -> keys(new Certificates(token).add(certificates.certificates()));
            case ExportKey export -> new Reply.Pkcs12(transfer.export(change, export));
            case DeleteKey delete -> {
                transfer.delete(change, delete);
                yield new Reply.Done();
            }
        };
    }

    private static Reply keys(List<KeyDescriptor> keys) {
        return new Reply.Keys(keys.stream().map(Descriptions::of).toList());
    }

    /** How well the token keeps a key; unlocks it first, since a locked token does not show the private half. */
    Reply protection(Caller caller, DescribeProtection request, EventSink events) throws RefusalException {
        try {
            FoundKey found = stages.directory().key(request.key(), events);
            UnlockReason reason = new UnlockReason(caller, found.key(), "describe the protection of", "");
            stages.unlock().ensureUnlocked(found.token(), reason, events);
            KeyProtection protection = new KeyPairs(found.token())
                    .protection(found.key())
                    .orElseThrow(() -> new RefusalException(
                            ErrorCode.KEY_NOT_FOUND,
                            "the token " + found.token().identity().uri() + " has no private key for "
                                    + found.key().fingerprint()));
            return new Reply.Protection(
                    protection.sensitive(),
                    protection.extractable(),
                    protection.alwaysSensitive(),
                    protection.neverExtractable(),
                    protection.local());
        } catch (UnlockException e) {
            return Failures.of(e);
        } catch (TokenException e) {
            return Failures.of(e);
        }
    }

    private static String action(ProvisionRequest request) {
        return switch (request) {
            case GenerateKey generate -> "make a new key on";
            case ImportKey key -> "put a key from a file on";
            case ImportCertificates certificates -> "put certificates on";
            case ExportKey export -> "take a copy off the token";
            case DeleteKey delete -> "destroy what belongs together";
        };
    }

    private static AuditEntry.Event event(ProvisionRequest request) {
        return switch (request) {
            case GenerateKey generate -> AuditEntry.Event.GENERATE_KEY;
            case ImportKey key -> AuditEntry.Event.IMPORT_KEY;
            case ImportCertificates certificates -> AuditEntry.Event.IMPORT_CERTIFICATES;
            case ExportKey export -> AuditEntry.Event.EXPORT_KEY;
            case DeleteKey delete -> AuditEntry.Event.DELETE_KEY;
        };
    }

    private Reply record(Change change, Reply reply) {
        KeyDescriptor key = change.key();
        String fingerprint = key != null
                ? key.fingerprint().toString()
                : reply instanceof Reply.Keys keys && keys.keys().size() == 1
                        ? keys.keys().getFirst().fingerprint()
                        : null;
        AuditEntry entry = new AuditEntry(
                event(change.request()),
                change.caller(),
                change.token().identity().uri().toString(),
                fingerprint,
                null,
                "",
                reply instanceof Reply.Failure failure ? failure.code().wireName() : AuditEntry.OK,
                null);
        try {
            stages.audit().record(entry, true);
            return reply;
        } catch (IOException e) {
            LOG.error("audit=failed reason=\"{}\"", e.getMessage());
            return Failures.auditUnwritable();
        }
    }
}
