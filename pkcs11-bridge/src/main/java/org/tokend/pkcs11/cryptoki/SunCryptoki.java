package org.tokend.pkcs11.cryptoki;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.security.pkcs11.wrapper.CK_ATTRIBUTE;
import sun.security.pkcs11.wrapper.CK_INFO;
import sun.security.pkcs11.wrapper.CK_MECHANISM;
import sun.security.pkcs11.wrapper.CK_MECHANISM_INFO;
import sun.security.pkcs11.wrapper.CK_SESSION_INFO;
import sun.security.pkcs11.wrapper.CK_SLOT_INFO;
import sun.security.pkcs11.wrapper.CK_TOKEN_INFO;
import sun.security.pkcs11.wrapper.CK_VERSION;
import sun.security.pkcs11.wrapper.PKCS11;
import sun.security.pkcs11.wrapper.PKCS11Exception;

/**
 * Calls a module through the wrapper inside SunPKCS11, which every JDK brings along. It lacks C_CloseAllSessions,
 * C_GetObjectSize and C_WaitForSlotEvent. Needs {@code --add-exports jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED}.
 */
public final class SunCryptoki extends LocalCryptoki {
    private final PKCS11 module;

    private SunCryptoki(ModuleLibrary library, PKCS11 module) {
        super(library);
        this.module = module;
    }

    /**
     * Opens and initialises a module.
     *
     * @param reserved what C_Initialize gets as pReserved, where a module asks for it
     * @throws CryptokiException CKR_GENERAL_ERROR with the reason when the file cannot be loaded, or what C_Initialize returned
     */
    public static SunCryptoki open(Path file, @Nullable String reserved) throws CryptokiException {
        ModuleLibrary library = ModuleLibrary.open(file, reserved);
        try {
            // The library above has initialised the module already.
            return new SunCryptoki(library, PKCS11.getInstance(file.toString(), "C_GetFunctionList", null, true));
        } catch (IOException | PKCS11Exception e) {
            library.close();
            throw new CryptokiException("connect", CKR.GENERAL_ERROR, "cannot load " + file + ": " + e.getMessage());
        }
    }

    private interface Call<T> {
        T run() throws PKCS11Exception, CryptokiException;
    }

    private interface Action {
        void run() throws PKCS11Exception, CryptokiException;
    }

    private interface WithMechanism<T> {
        T run(CK_MECHANISM mechanism) throws PKCS11Exception, CryptokiException;
    }

    private interface Init {
        void run(CK_MECHANISM mechanism) throws PKCS11Exception;
    }

    private static <T> T call(String function, Call<T> call) throws CryptokiException {
        try {
            return call.run();
        } catch (PKCS11Exception e) {
            throw new CryptokiException(function, e.getErrorCode());
        }
    }

    private static void run(String function, Action action) throws CryptokiException {
        try {
            action.run();
        } catch (PKCS11Exception e) {
            throw new CryptokiException(function, e.getErrorCode());
        }
    }

    private static <T> T with(String function, Mechanism mechanism, WithMechanism<T> call) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            CK_MECHANISM raw = SunMechanism.of(MechanismParameters.checked(function, mechanism), arena);
            return call(function, () -> call.run(raw));
        }
    }

    private static void init(String function, Mechanism mechanism, Init init) throws CryptokiException {
        with(function, mechanism, raw -> {
            init.run(raw);
            return CKR.OK;
        });
    }

    private static CK_ATTRIBUTE[] raw(String function, List<Attribute> template) throws CryptokiException {
        return Templates.checked(function, template).stream()
                .map(attribute -> new CK_ATTRIBUTE(attribute.type(), attribute.value()))
                .toArray(CK_ATTRIBUTE[]::new);
    }

    private static Version version(CK_VERSION version) {
        return new Version(version.major & 0xff, version.minor & 0xff);
    }

    @Override
    public ModuleInfo getInfo() throws CryptokiException {
        CK_INFO info = call("C_GetInfo", module::C_GetInfo);
        return new ModuleInfo(
                version(info.cryptokiVersion),
                Text.ofBytes(info.manufacturerID),
                info.flags,
                Text.ofBytes(info.libraryDescription),
                version(info.libraryVersion));
    }

    @Override
    public long[] getSlotList(boolean tokenPresent) throws CryptokiException {
        return call("C_GetSlotList", () -> module.C_GetSlotList(tokenPresent));
    }

    @Override
    public SlotInfo getSlotInfo(long slot) throws CryptokiException {
        CK_SLOT_INFO info = call("C_GetSlotInfo", () -> module.C_GetSlotInfo(slot));
        return new SlotInfo(
                Text.ofBytes(info.slotDescription),
                Text.ofBytes(info.manufacturerID),
                info.flags,
                version(info.hardwareVersion),
                version(info.firmwareVersion));
    }

    @Override
    public TokenInfo getTokenInfo(long slot) throws CryptokiException {
        CK_TOKEN_INFO info = call("C_GetTokenInfo", () -> module.C_GetTokenInfo(slot));
        return new TokenInfo(
                Text.ofBytes(info.label),
                Text.ofBytes(info.manufacturerID),
                Text.ofBytes(info.model),
                Text.ofBytes(info.serialNumber),
                info.flags,
                info.ulMaxSessionCount,
                info.ulSessionCount,
                info.ulMaxRwSessionCount,
                info.ulRwSessionCount,
                info.ulMaxPinLen,
                info.ulMinPinLen,
                info.ulTotalPublicMemory,
                info.ulFreePublicMemory,
                info.ulTotalPrivateMemory,
                info.ulFreePrivateMemory,
                version(info.hardwareVersion),
                version(info.firmwareVersion),
                Text.ofBytes(info.utcTime));
    }

    @Override
    public long[] getMechanismList(long slot) throws CryptokiException {
        return call("C_GetMechanismList", () -> module.C_GetMechanismList(slot));
    }

    @Override
    public MechanismInfo getMechanismInfo(long slot, long mechanism) throws CryptokiException {
        CK_MECHANISM_INFO info = call("C_GetMechanismInfo", () -> module.C_GetMechanismInfo(slot, mechanism));
        return new MechanismInfo(info.ulMinKeySize, info.ulMaxKeySize, info.flags);
    }

    @Override
    public long waitForSlotEvent(long flags) throws CryptokiException {
        throw new CryptokiException("C_WaitForSlotEvent", CKR.FUNCTION_NOT_SUPPORTED);
    }

    @Override
    public long openSession(long slot, long flags) throws CryptokiException {
        return call("C_OpenSession", () -> module.C_OpenSession(slot, flags, null, null));
    }

    @Override
    public void closeSession(long session) throws CryptokiException {
        run("C_CloseSession", () -> module.C_CloseSession(session));
    }

    @Override
    public void closeAllSessions(long slot) throws CryptokiException {
        throw new CryptokiException("C_CloseAllSessions", CKR.FUNCTION_NOT_SUPPORTED);
    }

    @Override
    public SessionInfo getSessionInfo(long session) throws CryptokiException {
        CK_SESSION_INFO info = call("C_GetSessionInfo", () -> module.C_GetSessionInfo(session));
        return new SessionInfo(info.slotID, info.state, info.flags, info.ulDeviceError);
    }

    @Override
    public void logout(long session) throws CryptokiException {
        run("C_Logout", () -> module.C_Logout(session));
    }

    @Override
    public long createObject(long session, List<Attribute> template) throws CryptokiException {
        CK_ATTRIBUTE[] raw = raw("C_CreateObject", template);
        return call("C_CreateObject", () -> module.C_CreateObject(session, raw));
    }

    @Override
    public long copyObject(long session, long object, List<Attribute> template) throws CryptokiException {
        CK_ATTRIBUTE[] raw = raw("C_CopyObject", template);
        return call("C_CopyObject", () -> module.C_CopyObject(session, object, raw));
    }

    @Override
    public void destroyObject(long session, long object) throws CryptokiException {
        run("C_DestroyObject", () -> module.C_DestroyObject(session, object));
    }

    @Override
    public long getObjectSize(long session, long object) throws CryptokiException {
        throw new CryptokiException("C_GetObjectSize", CKR.FUNCTION_NOT_SUPPORTED);
    }

    @Override
    public void setAttributeValue(long session, long object, List<Attribute> template) throws CryptokiException {
        CK_ATTRIBUTE[] raw = raw("C_SetAttributeValue", template);
        run("C_SetAttributeValue", () -> module.C_SetAttributeValue(session, object, raw));
    }

    @Override
    public void findObjectsInit(long session, List<Attribute> template) throws CryptokiException {
        CK_ATTRIBUTE[] raw = raw("C_FindObjectsInit", template);
        run("C_FindObjectsInit", () -> module.C_FindObjectsInit(session, raw));
    }

    @Override
    public void findObjectsFinal(long session) throws CryptokiException {
        run("C_FindObjectsFinal", () -> module.C_FindObjectsFinal(session));
    }

    @Override
    public void signUpdate(long session, byte[] part) throws CryptokiException {
        run("C_SignUpdate", () -> module.C_SignUpdate(session, 0, part, 0, part.length));
    }

    @Override
    public void verify(long session, byte[] data, byte[] signature) throws CryptokiException {
        run("C_Verify", () -> module.C_Verify(session, data, signature));
    }

    @Override
    public void verifyUpdate(long session, byte[] part) throws CryptokiException {
        run("C_VerifyUpdate", () -> module.C_VerifyUpdate(session, 0, part, 0, part.length));
    }

    @Override
    public void verifyFinal(long session, byte[] signature) throws CryptokiException {
        run("C_VerifyFinal", () -> module.C_VerifyFinal(session, signature));
    }

    @Override
    public void digestInit(long session, Mechanism mechanism) throws CryptokiException {
        init("C_DigestInit", mechanism, raw -> module.C_DigestInit(session, raw));
    }

    @Override
    public void digestUpdate(long session, byte[] part) throws CryptokiException {
        run("C_DigestUpdate", () -> module.C_DigestUpdate(session, 0, part, 0, part.length));
    }

    @Override
    public void digestKey(long session, long key) throws CryptokiException {
        run("C_DigestKey", () -> module.C_DigestKey(session, key));
    }

    @Override
    public long generateKey(long session, Mechanism mechanism, List<Attribute> template) throws CryptokiException {
        CK_ATTRIBUTE[] raw = raw("C_GenerateKey", template);
        return with("C_GenerateKey", mechanism, how -> module.C_GenerateKey(session, how, raw));
    }

    @Override
    public KeyPairHandles generateKeyPair(
            long session, Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate)
            throws CryptokiException {
        CK_ATTRIBUTE[] rawPublic = raw("C_GenerateKeyPair", publicTemplate);
        CK_ATTRIBUTE[] rawPrivate = raw("C_GenerateKeyPair", privateTemplate);
        long[] handles = with(
                "C_GenerateKeyPair", mechanism, how -> module.C_GenerateKeyPair(session, how, rawPublic, rawPrivate));
        return new KeyPairHandles(handles[0], handles[1]);
    }

    @Override
    public long unwrapKey(
            long session, Mechanism mechanism, long unwrappingKey, byte[] wrappedKey, List<Attribute> template)
            throws CryptokiException {
        CK_ATTRIBUTE[] raw = raw("C_UnwrapKey", template);
        return with("C_UnwrapKey", mechanism, how -> module.C_UnwrapKey(session, how, unwrappingKey, wrappedKey, raw));
    }

    @Override
    public long deriveKey(long session, Mechanism mechanism, long baseKey, List<Attribute> template)
            throws CryptokiException {
        CK_ATTRIBUTE[] raw = raw("C_DeriveKey", template);
        return with("C_DeriveKey", mechanism, how -> module.C_DeriveKey(session, how, baseKey, raw));
    }

    @Override
    public void seedRandom(long session, byte[] seed) throws CryptokiException {
        run("C_SeedRandom", () -> module.C_SeedRandom(session, seed));
    }

    @Override
    public byte[] generateRandom(long session, int length) throws CryptokiException {
        byte[] random = new byte[length];
        run("C_GenerateRandom", () -> module.C_GenerateRandom(session, random));
        return random;
    }
}
