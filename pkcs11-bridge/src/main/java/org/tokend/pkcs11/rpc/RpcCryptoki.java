package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.KeyPairHandles;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.ModuleInfo;
import org.tokend.pkcs11.cryptoki.SessionInfo;
import org.tokend.pkcs11.cryptoki.SignInit;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;

/** A module at the other end of a connection. For one thread at a time. */
public final class RpcCryptoki implements Cryptoki {
    private static final RpcConnection.Arguments NOTHING = out -> {};
    private static final RpcConnection.Result<Boolean> NO_RESULT = in -> true;

    private final RpcConnection rpc;
    private final MechanismCodec mechanisms;
    private final OutputCalls outputs;
    private final Runnable onClose;

    /** @param onClose gives the connection back; the module stays as it is */
    public RpcCryptoki(RpcConnection rpc, Runnable onClose) {
        this.rpc = rpc;
        this.mechanisms = rpc.mechanisms();
        this.outputs = new OutputCalls(rpc, mechanisms);
        this.onClose = onClose;
    }

    private void run(Call call, RpcConnection.Arguments arguments) throws CryptokiException {
        rpc.call(call, arguments, NO_RESULT);
    }

    private long number(Call call, RpcConnection.Arguments arguments) throws CryptokiException {
        return rpc.call(call, arguments, MessageReader::u64);
    }

    @Override
    public ModuleInfo getInfo() throws CryptokiException {
        return rpc.call(Call.GET_INFO, NOTHING, InfoCodec::moduleInfo);
    }

    @Override
    public long[] getSlotList(boolean tokenPresent) throws CryptokiException {
        return outputs.list(Call.GET_SLOT_LIST, out -> out.u8(tokenPresent ? 1 : 0));
    }

    @Override
    public SlotInfo getSlotInfo(long slot) throws CryptokiException {
        return rpc.call(Call.GET_SLOT_INFO, out -> out.u64(slot), InfoCodec::slotInfo);
    }

    @Override
    public TokenInfo getTokenInfo(long slot) throws CryptokiException {
        return rpc.call(Call.GET_TOKEN_INFO, out -> out.u64(slot), InfoCodec::tokenInfo);
    }

    @Override
    public long[] getMechanismList(long slot) throws CryptokiException {
        return outputs.list(Call.GET_MECHANISM_LIST, out -> out.u64(slot));
    }

    @Override
    public MechanismInfo getMechanismInfo(long slot, long mechanism) throws CryptokiException {
        return rpc.call(Call.GET_MECHANISM_INFO, out -> out.u64(slot).u64(mechanism), InfoCodec::mechanismInfo);
    }

    @Override
    public long waitForSlotEvent(long flags) throws CryptokiException {
        CallClass kind = (flags & CKF.DONT_BLOCK) == 0 ? CallClass.EVENT : CallClass.ORDINARY;
        return rpc.call(Call.WAIT_FOR_SLOT_EVENT, kind, out -> out.u64(flags), MessageReader::u64);
    }

    @Override
    public void initToken(long slot, @Nullable MemorySegment pin, String label) throws CryptokiException {
        rpc.call(
                Call.INIT_TOKEN_2,
                pinClass(pin),
                out -> out.u64(slot).secret(pin).text(label, InfoCodec.TEXT),
                NO_RESULT);
    }

    @Override
    public void initPin(long session, @Nullable MemorySegment pin) throws CryptokiException {
        rpc.call(Call.INIT_PIN, pinClass(pin), out -> out.u64(session).secret(pin), NO_RESULT);
    }

    @Override
    public void setPin(long session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws CryptokiException {
        rpc.call(
                Call.SET_PIN,
                pinClass(oldPin),
                out -> out.u64(session).secret(oldPin).secret(newPin),
                NO_RESULT);
    }

    private static CallClass pinClass(@Nullable MemorySegment pin) {
        return pin == null ? CallClass.PIN_PAD : CallClass.LOGIN;
    }

    @Override
    public long openSession(long slot, long flags) throws CryptokiException {
        return number(Call.OPEN_SESSION, out -> out.u64(slot).u64(flags));
    }

    @Override
    public void closeSession(long session) throws CryptokiException {
        run(Call.CLOSE_SESSION, out -> out.u64(session));
    }

    @Override
    public void closeAllSessions(long slot) throws CryptokiException {
        run(Call.CLOSE_ALL_SESSIONS, out -> out.u64(slot));
    }

    @Override
    public SessionInfo getSessionInfo(long session) throws CryptokiException {
        return rpc.call(Call.GET_SESSION_INFO, out -> out.u64(session), InfoCodec::sessionInfo);
    }

    @Override
    public void login(long session, long userType, @Nullable MemorySegment pin) throws CryptokiException {
        rpc.call(
                Call.LOGIN, pinClass(pin), out -> out.u64(session).u64(userType).secret(pin), NO_RESULT);
    }

    @Override
    public void logout(long session) throws CryptokiException {
        run(Call.LOGOUT, out -> out.u64(session));
    }

    @Override
    public long createObject(long session, List<Attribute> template) throws CryptokiException {
        return number(Call.CREATE_OBJECT, out -> AttributeCodec.writeTemplate(out.u64(session), template));
    }

    @Override
    public long copyObject(long session, long object, List<Attribute> template) throws CryptokiException {
        return number(
                Call.COPY_OBJECT,
                out -> AttributeCodec.writeTemplate(out.u64(session).u64(object), template));
    }

    @Override
    public void destroyObject(long session, long object) throws CryptokiException {
        run(Call.DESTROY_OBJECT, out -> out.u64(session).u64(object));
    }

    @Override
    public long getObjectSize(long session, long object) throws CryptokiException {
        return number(Call.GET_OBJECT_SIZE, out -> out.u64(session).u64(object));
    }

    @Override
    public AttributeValues getAttributeValue(long session, long object, long... types) throws CryptokiException {
        return new AttributeFetch(rpc, session, object).fetch(types);
    }

    @Override
    public void setAttributeValue(long session, long object, List<Attribute> template) throws CryptokiException {
        run(
                Call.SET_ATTRIBUTE_VALUE,
                out -> AttributeCodec.writeTemplate(out.u64(session).u64(object), template));
    }

    @Override
    public void findObjectsInit(long session, List<Attribute> template) throws CryptokiException {
        run(Call.FIND_OBJECTS_INIT, out -> AttributeCodec.writeTemplate(out.u64(session), template));
    }

    @Override
    public long[] findObjects(long session, int max) throws CryptokiException {
        return outputs.found(session, max);
    }

    @Override
    public void findObjectsFinal(long session) throws CryptokiException {
        run(Call.FIND_OBJECTS_FINAL, out -> out.u64(session));
    }

    @Override
    public void encryptInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.start(Call.ENCRYPT_INIT, session, mechanism, key);
    }

    @Override
    public byte[] encrypt(long session, byte[] data) throws CryptokiException {
        return outputs.transform(Call.ENCRYPT, session, data);
    }

    @Override
    public byte[] encryptUpdate(long session, byte[] part) throws CryptokiException {
        return outputs.transform(Call.ENCRYPT_UPDATE, session, part);
    }

    @Override
    public byte[] encryptFinal(long session) throws CryptokiException {
        return outputs.finish(Call.ENCRYPT_FINAL, session);
    }

    @Override
    public void decryptInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.start(Call.DECRYPT_INIT, session, mechanism, key);
    }

    @Override
    public byte[] decrypt(long session, byte[] data) throws CryptokiException {
        return outputs.transform(Call.DECRYPT, session, data);
    }

    @Override
    public byte[] decryptUpdate(long session, byte[] part) throws CryptokiException {
        return outputs.transform(Call.DECRYPT_UPDATE, session, part);
    }

    @Override
    public byte[] decryptFinal(long session) throws CryptokiException {
        return outputs.finish(Call.DECRYPT_FINAL, session);
    }

    @Override
    public byte[] decryptOnce(long session, Mechanism mechanism, long key, byte[] data) throws CryptokiException {
        return outputs.decrypt(session, mechanism, key, data);
    }

    @Override
    public void digestInit(long session, Mechanism mechanism) throws CryptokiException {
        run(Call.DIGEST_INIT, out -> mechanisms.write(out.u64(session), mechanism));
    }

    @Override
    public byte[] digest(long session, byte[] data) throws CryptokiException {
        return outputs.transform(Call.DIGEST, session, data);
    }

    @Override
    public void digestUpdate(long session, byte[] part) throws CryptokiException {
        run(Call.DIGEST_UPDATE, out -> out.u64(session).array(part));
    }

    @Override
    public void digestKey(long session, long key) throws CryptokiException {
        run(Call.DIGEST_KEY, out -> out.u64(session).u64(key));
    }

    @Override
    public byte[] digestFinal(long session) throws CryptokiException {
        return outputs.finish(Call.DIGEST_FINAL, session);
    }

    @Override
    public void signInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.start(Call.SIGN_INIT, session, mechanism, key);
    }

    @Override
    public byte[] sign(long session, byte[] data) throws CryptokiException {
        return outputs.transform(Call.SIGN, session, data);
    }

    @Override
    public void signUpdate(long session, byte[] part) throws CryptokiException {
        run(Call.SIGN_UPDATE, out -> out.u64(session).array(part));
    }

    @Override
    public byte[] signFinal(long session) throws CryptokiException {
        return outputs.finish(Call.SIGN_FINAL, session);
    }

    @Override
    public boolean initsAhead() {
        return true;
    }

    @Override
    public byte[] signOnce(long session, SignInit init, byte[] data, Ahead ahead) throws CryptokiException {
        return outputs.sign(session, init, data, ahead);
    }

    @Override
    public void verifyInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.start(Call.VERIFY_INIT, session, mechanism, key);
    }

    @Override
    public void verify(long session, byte[] data, byte[] signature) throws CryptokiException {
        run(Call.VERIFY, out -> out.u64(session).array(data).array(signature));
    }

    @Override
    public void verifyUpdate(long session, byte[] part) throws CryptokiException {
        run(Call.VERIFY_UPDATE, out -> out.u64(session).array(part));
    }

    @Override
    public void verifyFinal(long session, byte[] signature) throws CryptokiException {
        run(Call.VERIFY_FINAL, out -> out.u64(session).array(signature));
    }

    @Override
    public long generateKey(long session, Mechanism mechanism, List<Attribute> template) throws CryptokiException {
        return rpc.call(
                Call.GENERATE_KEY,
                CallClass.KEY_GENERATION,
                out -> {
                    mechanisms.write(out.u64(session), mechanism);
                    AttributeCodec.writeTemplate(out, template);
                },
                MessageReader::u64);
    }

    @Override
    public KeyPairHandles generateKeyPair(
            long session, Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate)
            throws CryptokiException {
        return rpc.call(
                Call.GENERATE_KEY_PAIR,
                CallClass.KEY_GENERATION,
                out -> {
                    mechanisms.write(out.u64(session), mechanism);
                    AttributeCodec.writeTemplate(out, publicTemplate);
                    AttributeCodec.writeTemplate(out, privateTemplate);
                },
                in -> new KeyPairHandles(in.u64(), in.u64()));
    }

    @Override
    public byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key) throws CryptokiException {
        return outputs.wrap(session, mechanism, wrappingKey, key);
    }

    @Override
    public long unwrapKey(
            long session, Mechanism mechanism, long unwrappingKey, byte[] wrappedKey, List<Attribute> template)
            throws CryptokiException {
        return number(Call.UNWRAP_KEY, out -> {
            mechanisms.write(out.u64(session), mechanism);
            AttributeCodec.writeTemplate(out.u64(unwrappingKey).array(wrappedKey), template);
        });
    }

    @Override
    public long deriveKey(long session, Mechanism mechanism, long baseKey, List<Attribute> template)
            throws CryptokiException {
        return number(Call.DERIVE_KEY, out -> {
            mechanisms.write(out.u64(session), mechanism);
            AttributeCodec.writeTemplate(out.u64(baseKey), template);
        });
    }

    @Override
    public void seedRandom(long session, byte[] seed) throws CryptokiException {
        run(Call.SEED_RANDOM, out -> out.u64(session).array(seed));
    }

    @Override
    public byte[] generateRandom(long session, int length) throws CryptokiException {
        return outputs.random(session, length);
    }

    @Override
    public void close() {
        onClose.run();
    }
}
