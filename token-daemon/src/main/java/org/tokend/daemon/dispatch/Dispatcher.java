package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.issuance.Occasions;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.Agree;
import org.tokend.protocol.CloseOccasion;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.DescribeProtection;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.GetInfo;
import org.tokend.protocol.GetInterfaceDescription;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.ListTokens;
import org.tokend.protocol.Lock;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.MessageException;
import org.tokend.protocol.OpenOccasion;
import org.tokend.protocol.PrivateKeyRequest;
import org.tokend.protocol.ProvisionRequest;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Request;
import org.tokend.protocol.Sign;
import org.tokend.protocol.Status;
import org.tokend.protocol.Unlock;
import org.tokend.protocol.UnwrapContentKey;
import org.tokend.protocol.Watch;

/** One request in, its last reply out, on the thread of its connection. */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Stages stages;
    private final ServiceFacts facts;
    private final KeyOperations keys;
    private final TokenRequests tokens;
    private final ProvisionRequests provision;
    private final Occasions occasions;
    private final OccasionRequests occasionRequests;

    /** What a CA signs is verified in any case. */
    private final SignatureVerifier issuing;

    public Dispatcher(Stages stages, ServiceFacts facts) {
        this.stages = stages;
        this.facts = facts;
        this.keys = new KeyOperations(stages);
        this.tokens = new TokenRequests(stages, facts);
        this.provision = new ProvisionRequests(stages);
        this.occasions = new Occasions(InstantSource.system());
        this.occasionRequests = new OccasionRequests(stages, occasions, InstantSource.system());
        this.issuing = Objects.requireNonNullElseGet(stages.verifier(), SignatureVerifier::new);
    }

    /** @param events what happens while the request waits; {@link EventSink#NONE} for callers that did not ask */
    public Reply dispatch(Caller caller, Request request, EventSink events) {
        try {
            return switch (request) {
                case PrivateKeyRequest use ->
                    keys.run(caller, new KeyReference.Name(use.key()), task(caller, use), events);
                case ProvisionRequest change -> provision.run(caller, change, events);
                case DescribeProtection protection -> provision.protection(caller, protection, events);
                case ListTokens list -> tokens.list(events);
                case ListKeys list -> tokens.listKeys(caller, list, events);
                case Unlock unlock -> tokens.unlock(caller, unlock.token(), events);
                case Lock lock -> tokens.lock(caller, lock.token());
                case OpenOccasion open -> occasionRequests.open(caller, open, events);
                case CloseOccasion close -> occasionRequests.close(caller, close);
                case Status status -> tokens.status();
                case Watch watch -> throw new RefusalException(ErrorCode.INVALID_REQUEST, "Watch needs \"more\": true");
                case GetInfo info ->
                    new Reply.ServiceInfo(
                            "tokend",
                            "Token Daemon",
                            facts.version(),
                            "https://varlink.org/",
                            List.copyOf(MessageCodec.INTERFACES).stream()
                                    .sorted()
                                    .toList());
                case GetInterfaceDescription description ->
                    new Reply.InterfaceDescription(MessageCodec.interfaceDescription(description.interfaceName()));
            };
        } catch (RefusalException e) {
            return Failures.of(e);
        } catch (MessageException e) {
            return e.failure();
        } catch (RuntimeException e) {
            LOG.error("request=failed method={}", request.method(), e);
            return Failures.defect();
        }
    }

    /**
     * The same for a caller who holds the key already.
     *
     * @param key on the very token that is to be used; the request's own name of the key is not looked at
     */
    public Reply use(Caller caller, FoundKey key, PrivateKeyRequest request, EventSink events) {
        try {
            return keys.run(caller, new KeyReference.Held(key), task(caller, request), events);
        } catch (RefusalException e) {
            return Failures.of(e);
        }
    }

    /**
     * C_Login of an application.
     *
     * @param pin that it sent, off-heap, wiped by the caller; null to ask the person
     */
    public Reply logIn(Caller caller, Token token, @Nullable MemorySegment pin, EventSink events) {
        try {
            return tokens.logIn(caller, token, pin, events);
        } catch (RuntimeException e) {
            LOG.error("request=failed method=C_Login", e);
            return Failures.defect();
        }
    }

    private KeyTask task(Caller caller, PrivateKeyRequest request) throws RefusalException {
        return switch (request) {
            case Sign sign ->
                sign.kind() == Sign.Kind.DIGEST
                        ? new SignTask(sign, stages.verifier())
                        : IssueTask.of(caller, sign, issuing, occasions);
            case Decrypt decrypt -> new DecryptTask(decrypt, stages.decryptor());
            case UnwrapContentKey unwrap -> UnwrapTask.of(unwrap, stages.decryptor());
            case Agree agree -> new AgreeTask(agree);
        };
    }
}
