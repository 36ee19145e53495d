package org.tokend.daemon.application;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.dispatch.Stages;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.token.FoundKey;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.application.ApplicationGate;
import org.tokend.pkcs11.application.ApplicationSlot;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.Agree;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.PrivateKeyRequest;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Sign;

/** What one caller may see and do. Closed when its connection ends. */
public final class CallerGate implements ApplicationGate, AutoCloseable {
    /** An application does not say what it signs for. */
    private static final String NO_PURPOSE = "";

    private final Caller caller;
    private final EventSink waiting;
    private final Parts parts;
    private volatile boolean gone;

    CallerGate(Caller caller, EventSink waiting, Parts parts) {
        this.caller = caller;
        this.waiting = waiting;
        this.parts = parts;
    }

    /** What all gates share. */
    record Parts(
            Dispatcher dispatcher, Stages stages, SlotTable slots, Management management, boolean acceptClientPin) {
        AccessPolicy policy() {
            return stages.policy();
        }
    }

    @Override
    public List<ApplicationSlot> slots() {
        return parts.slots().slots();
    }

    @Override
    public long slotChanges() {
        return parts.slots().changes();
    }

    @Override
    public void awaitSlotChange(long seen) throws InterruptedException {
        parts.slots().await(seen, () -> gone);
    }

    @Override
    public boolean mayManage() {
        return parts.policy().objectionToManaging(caller).isEmpty();
    }

    @Override
    public boolean shows(KeyDescriptor key) {
        return parts.policy().shows(caller, key);
    }

    @Override
    public boolean offers(Token token, long mechanism) {
        return parts.policy().offers(caller, mechanism);
    }

    @Override
    public void login(Token token, @Nullable MemorySegment pin) throws CryptokiException {
        MemorySegment used = parts.acceptClientPin() ? pin : null;
        Reply reply = parts.dispatcher().logIn(caller, token, used, waiting);
        if (reply instanceof Reply.Failure failure) {
            throw ReturnValues.of("C_Login", failure);
        }
    }

    @Override
    public byte[] sign(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] input) throws CryptokiException {
        Sign request = new Sign(name(key), wire(algorithm), Sign.Kind.DIGEST, input, NO_PURPOSE);
        return switch (use("C_Sign", token, key, request)) {
            case Reply.Signature signature -> signature.signature();
            default -> throw defect("C_Sign");
        };
    }

    @Override
    public byte[] decrypt(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext)
            throws CryptokiException {
        int length = algorithm == KeyAlgorithm.RSA_PKCS1 ? Decrypt.ANY_LENGTH : 0;
        Decrypt request = new Decrypt(name(key), wire(algorithm), ciphertext, length, NO_PURPOSE);
        return switch (use("C_Decrypt", token, key, request)) {
            case Reply.Plaintext plaintext -> plaintext.plaintext();
            default -> throw defect("C_Decrypt");
        };
    }

    @Override
    public byte[] agree(Token token, KeyDescriptor key, byte[] publicKey) throws CryptokiException {
        return switch (use("C_DeriveKey", token, key, new Agree(name(key), publicKey, NO_PURPOSE))) {
            case Reply.SharedSecret secret -> secret.sharedSecret();
            default -> throw defect("C_DeriveKey");
        };
    }

    private Reply use(String function, Token token, KeyDescriptor key, PrivateKeyRequest request)
            throws CryptokiException {
        Reply reply = parts.dispatcher().use(caller, new FoundKey(token, key), request, waiting);
        if (reply instanceof Reply.Failure failure) {
            throw ReturnValues.of(function, failure);
        }
        return reply;
    }

    @Override
    public void manage(String function, @Nullable Token token) throws CryptokiException {
        parts.management().manage(caller, function, token);
    }

    @Override
    public void initialise(ApplicationSlot slot, @Nullable MemorySegment officerPin, String label)
            throws CryptokiException {
        parts.management().initialise(slot, officerPin, label);
    }

    /** Lets go whoever waits for a slot event on behalf of this application. */
    @Override
    public void close() {
        gone = true;
        parts.slots().wake();
    }

    private static String name(KeyDescriptor key) {
        return key.fingerprint().toString();
    }

    private static Algorithm wire(KeyAlgorithm algorithm) {
        return Algorithm.valueOf(algorithm.name());
    }

    private static CryptokiException defect(String function) {
        return new CryptokiException(function, CKR.GENERAL_ERROR, "another reply than was asked for");
    }
}
