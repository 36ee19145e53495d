package org.tokend.pkcs11.cryptoki;

import iaik.pkcs.pkcs11.wrapper.PKCS11Implementation;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module in this process. What is the same whichever wrapper makes the other calls goes by pointer: PINs, so that no copy
 * is made of them, and everything that the module writes into memory of ours.
 */
public abstract sealed class LocalCryptoki implements Cryptoki permits IaikCryptoki, SunCryptoki {
    private final ModuleLibrary library;
    private final PinFunctions pins;
    private final AttributeReader attributes;
    private final OutputFunctions outputs;

    LocalCryptoki(ModuleLibrary library) {
        this.library = library;
        this.pins = new PinFunctions(library);
        this.attributes = new AttributeReader(library);
        this.outputs = new OutputFunctions(library);
    }

    /** The classes whose class path entries a process needs to call modules: ours and the wrapper's. */
    public static List<Class<?>> codeSources() {
        return List.of(LocalCryptoki.class, PKCS11Implementation.class);
    }

    /**
     * Whether several threads may call at once: the module took CKF_OS_LOCKING_OK. Otherwise every call must wait for the
     * one before. A module that somebody else had initialised in this process counts as unsafe.
     */
    public final boolean threadSafe() {
        return library.threadSafe();
    }

    @Override
    public final void initToken(long slot, @Nullable MemorySegment pin, String label) throws CryptokiException {
        pins.initToken(slot, pin, label);
    }

    @Override
    public final void initPin(long session, @Nullable MemorySegment pin) throws CryptokiException {
        pins.initPin(session, pin);
    }

    @Override
    public final void setPin(long session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws CryptokiException {
        pins.setPin(session, oldPin, newPin);
    }

    @Override
    public final void login(long session, long userType, @Nullable MemorySegment pin) throws CryptokiException {
        pins.login(session, userType, pin);
    }

    @Override
    public final AttributeValues getAttributeValue(long session, long object, long... types) throws CryptokiException {
        return attributes.read(session, object, types);
    }

    @Override
    public final long[] findObjects(long session, int max) throws CryptokiException {
        return outputs.findObjects(session, max);
    }

    @Override
    public final void encryptInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.begin(CFunction.ENCRYPT_INIT, session, mechanism, key);
    }

    @Override
    public final void decryptInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.begin(CFunction.DECRYPT_INIT, session, mechanism, key);
    }

    @Override
    public final void signInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.begin(CFunction.SIGN_INIT, session, mechanism, key);
    }

    @Override
    public final void verifyInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        outputs.begin(CFunction.VERIFY_INIT, session, mechanism, key);
    }

    @Override
    public final byte[] encrypt(long session, byte[] data) throws CryptokiException {
        return outputs.transform(CFunction.ENCRYPT, session, data);
    }

    @Override
    public final byte[] encryptUpdate(long session, byte[] part) throws CryptokiException {
        return outputs.transform(CFunction.ENCRYPT_UPDATE, session, part);
    }

    @Override
    public final byte[] encryptFinal(long session) throws CryptokiException {
        return outputs.finish(CFunction.ENCRYPT_FINAL, session);
    }

    @Override
    public final byte[] decrypt(long session, byte[] data) throws CryptokiException {
        return outputs.transform(CFunction.DECRYPT, session, data);
    }

    @Override
    public final byte[] decryptUpdate(long session, byte[] part) throws CryptokiException {
        return outputs.transform(CFunction.DECRYPT_UPDATE, session, part);
    }

    @Override
    public final byte[] decryptFinal(long session) throws CryptokiException {
        return outputs.finish(CFunction.DECRYPT_FINAL, session);
    }

    @Override
    public final byte[] digest(long session, byte[] data) throws CryptokiException {
        return outputs.transform(CFunction.DIGEST, session, data);
    }

    @Override
    public final byte[] digestFinal(long session) throws CryptokiException {
        return outputs.finish(CFunction.DIGEST_FINAL, session);
    }

    @Override
    public final byte[] sign(long session, byte[] data) throws CryptokiException {
        return outputs.transform(CFunction.SIGN, session, data);
    }

    @Override
    public final byte[] signFinal(long session) throws CryptokiException {
        return outputs.finish(CFunction.SIGN_FINAL, session);
    }

    @Override
    public final byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key)
            throws CryptokiException {
        return outputs.wrapKey(session, mechanism, wrappingKey, key);
    }

    @Override
    public final void close() {
        library.close();
    }
}
