package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.KeyPairHandles;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.ModuleInfo;
import org.tokend.pkcs11.cryptoki.SessionInfo;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.cryptoki.Version;
import org.tokend.pkcs11.token.Token;

/**
 * One PKCS#11 application. Thread-safe: calls on one session wait for each other, all others go on side by side. Closed when the
 * application's connection ends; nothing of it stays in memory then.
 */
public final class Application implements DataFunctions {
    private static final ModuleInfo INFO =
            new ModuleInfo(new Version(2, 40), "Token Daemon", 0, "tokend", new Version(1, 0));

    private final Slots slots;
    private final SlotEvents events;
    private final Mechanisms mechanisms;
    private final Logins logins;
    private final Sessions sessions;
    private final TokenFacts facts;
    private final SessionObjects inMemory;
    private final Objects objects;
    private final Changes changes;
    private final KeyChanges keyChanges;
    private final TokenChanges tokenChanges;
    private final Calls calls;

    /** @param memory what comes out of the daemon's memory beyond the little that each application has */
    public Application(ApplicationGate gate, ApplicationLimits limits, MemoryBudget.Share memory) {
        slots = new Slots(gate);
        events = new SlotEvents(gate, slots);
        mechanisms = new Mechanisms(gate);
        logins = new Logins(gate);
        sessions =
                new Sessions(slots, limits.sessions(), new Quota(Long.MAX_VALUE, CKR.HOST_MEMORY, memory), this::ended);
        facts = new TokenFacts(slots, sessions, limits.sessions());
        inMemory = new SessionObjects(limits.objects(), new Quota(limits.objectBytes(), CKR.DEVICE_MEMORY, memory));
        objects = new Objects(gate, logins, inMemory);
        changes = new Changes(gate, objects, inMemory, logins);
        keyChanges = new KeyChanges(changes, objects, mechanisms);
        tokenChanges = new TokenChanges(gate, slots, sessions, logins);
        calls = new Calls(
                gate,
                new Quota(limits.collectedBytes(), CKR.HOST_MEMORY, memory),
                sessions,
                mechanisms,
                objects,
                new KeyChoice(objects, mechanisms));
    }

    private void ended(Session session, boolean last) {
        inMemory.remove(object -> object.owner() == session);
        if (last) {
            logins.forget(session.token());
        }
    }

    @Override
    public Calls calls() {
        return calls;
    }

    @Override
    public ModuleInfo getInfo() {
        return INFO;
    }

    @Override
    public long[] getSlotList(boolean tokenPresent) {
        return slots.ids(tokenPresent);
    }

    @Override
    public SlotInfo getSlotInfo(long slot) throws CryptokiException {
        return Calls.in("C_GetSlotInfo", () -> slots.info(slot));
    }

    @Override
    public TokenInfo getTokenInfo(long slot) throws CryptokiException {
        return Calls.in("C_GetTokenInfo", () -> facts.info(slot));
    }

    @Override
    public long[] getMechanismList(long slot) throws CryptokiException {
        return Calls.in("C_GetMechanismList", () -> mechanisms.list(slots.token(slot)));
    }

    @Override
    public MechanismInfo getMechanismInfo(long slot, long mechanism) throws CryptokiException {
        return Calls.in("C_GetMechanismInfo", () -> mechanisms.info(slots.token(slot), mechanism));
    }

    @Override
    public long waitForSlotEvent(long flags) throws CryptokiException {
        return Calls.in("C_WaitForSlotEvent", () -> events.await(flags));
    }

    @Override
    public void initToken(long slot, @Nullable MemorySegment pin, String label) throws CryptokiException {
        Calls.in("C_InitToken", () -> {
            tokenChanges.initialise(slot, pin, label);
            return true;
        });
    }

    @Override
    public void initPin(long session, @Nullable MemorySegment pin) throws CryptokiException {
        calls.step("C_InitPIN", session, s -> tokenChanges.initPin(s, pin));
    }

    @Override
    public void setPin(long session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws CryptokiException {
        calls.step("C_SetPIN", session, s -> tokenChanges.setPin(s, oldPin, newPin));
    }

    @Override
    public long openSession(long slot, long flags) throws CryptokiException {
        return Calls.in("C_OpenSession", () -> sessions.open(slot, flags, logins::isOfficer));
    }

    @Override
    public void closeSession(long session) throws CryptokiException {
        Calls.in("C_CloseSession", () -> {
            sessions.close(session);
            return true;
        });
    }

    @Override
    public void closeAllSessions(long slot) throws CryptokiException {
        Calls.in("C_CloseAllSessions", () -> {
            slots.slot(slot);
            sessions.closeAll(slot);
            return true;
        });
    }

    @Override
    public SessionInfo getSessionInfo(long session) throws CryptokiException {
        return sessions.in(
                "C_GetSessionInfo", session, s -> new SessionInfo(s.slot(), logins.stateOf(s), s.flags(), 0));
    }

    @Override
    public void login(long session, long userType, @Nullable MemorySegment pin) throws CryptokiException {
        calls.step("C_Login", session, s -> logins.login(s, userType, pin, sessions));
    }

    @Override
    public void logout(long session) throws CryptokiException {
        calls.step("C_Logout", session, s -> {
            Token token = s.token();
            logins.logout(token);
            inMemory.remove(
                    object -> object.isPrivate() && object.owner().token().equals(token));
        });
    }

    @Override
    public long createObject(long session, List<Attribute> template) throws CryptokiException {
        return sessions.in("C_CreateObject", session, s -> changes.create("C_CreateObject", s, template));
    }

    @Override
    public long copyObject(long session, long object, List<Attribute> template) throws CryptokiException {
        return sessions.in("C_CopyObject", session, s -> changes.copy(s, object, template));
    }

    @Override
    public void destroyObject(long session, long object) throws CryptokiException {
        calls.step("C_DestroyObject", session, s -> changes.destroy(s, object));
    }

    @Override
    public long getObjectSize(long session, long object) throws CryptokiException {
        return sessions.in(
                "C_GetObjectSize", session, s -> objects.object(s, object).size());
    }

    @Override
    public AttributeValues getAttributeValue(long session, long object, long... types) throws CryptokiException {
        return sessions.in(
                "C_GetAttributeValue", session, s -> objects.object(s, object).attributes(types));
    }

    @Override
    public void setAttributeValue(long session, long object, List<Attribute> template) throws CryptokiException {
        calls.step("C_SetAttributeValue", session, s -> changes.set(s, object, template));
    }

    @Override
    public void findObjectsInit(long session, List<Attribute> template) throws CryptokiException {
        calls.begin(
                "C_FindObjectsInit", session, Search.class, s -> new Search(objects.find(s, template), calls.quota()));
    }

    @Override
    public long[] findObjects(long session, int max) throws CryptokiException {
        return sessions.in(
                "C_FindObjects", session, s -> s.operation(Search.class).next(max));
    }

    @Override
    public void findObjectsFinal(long session) throws CryptokiException {
        calls.step("C_FindObjectsFinal", session, s -> {
            s.operation(Search.class);
            s.end(Search.class);
        });
    }

    @Override
    public long generateKey(long session, Mechanism mechanism, List<Attribute> template) throws CryptokiException {
        return sessions.in("C_GenerateKey", session, s -> keyChanges.generate(s, mechanism, template));
    }

    @Override
    public KeyPairHandles generateKeyPair(
            long session, Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate)
            throws CryptokiException {
        return sessions.in(
                "C_GenerateKeyPair",
                session,
                s -> keyChanges.generatePair(s, mechanism, publicTemplate, privateTemplate));
    }

    @Override
    public byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key) throws CryptokiException {
        return sessions.in("C_WrapKey", session, s -> keyChanges.wrap(s, mechanism, wrappingKey, key));
    }

    @Override
    public long unwrapKey(
            long session, Mechanism mechanism, long unwrappingKey, byte[] wrappedKey, List<Attribute> template)
            throws CryptokiException {
        return sessions.in(
                "C_UnwrapKey", session, s -> keyChanges.unwrap(s, mechanism, unwrappingKey, wrappedKey, template));
    }

    @Override
    public long deriveKey(long session, Mechanism mechanism, long baseKey, List<Attribute> template)
            throws CryptokiException {
        return sessions.in(
                "C_DeriveKey", session, s -> Deriving.derive(calls, changes, s, mechanism, baseKey, template));
    }

    @Override
    public OptionalInt outputBound(long session, String function, int inputLength) throws CryptokiException {
        return sessions.in(function, session, s -> OperationKind.outputBound(s, function));
    }

    @Override
    public void sessionCancel(long session, long flags) throws CryptokiException {
        calls.step("C_SessionCancel", session, s -> OperationKind.cancel(s, flags));
    }

    @Override
    public void finish() {
        sessions.closeAll();
        inMemory.remove(object -> true);
        logins.forgetAll();
        events.restart();
    }

    @Override
    public void close() {
        finish();
        events.close();
    }
}
