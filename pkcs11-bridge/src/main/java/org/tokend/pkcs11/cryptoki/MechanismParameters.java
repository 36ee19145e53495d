package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lays out a mechanism's parameter as the C structure, and says which parameter belongs to which mechanism. */
final class MechanismParameters {
    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;
    static final long DATA_SPECIFIED = 1;
    private static final Set<Long> PSS = Set.of(
            CKM.RSA_PKCS_PSS,
            CKM.SHA1_RSA_PKCS_PSS,
            CKM.SHA224_RSA_PKCS_PSS,
            CKM.SHA256_RSA_PKCS_PSS,
            CKM.SHA384_RSA_PKCS_PSS,
            CKM.SHA512_RSA_PKCS_PSS,
            CKM.SHA3_224_RSA_PKCS_PSS,
            CKM.SHA3_256_RSA_PKCS_PSS,
            CKM.SHA3_384_RSA_PKCS_PSS,
            CKM.SHA3_512_RSA_PKCS_PSS);
    private static final Set<Long> INITIALISATION_VECTOR = Set.of(
            CKM.DES3_CBC,
            CKM.DES3_CBC_PAD,
            CKM.AES_CBC,
            CKM.AES_CBC_PAD,
            CKM.AES_OFB,
            CKM.AES_CFB128,
            CKM.AES_KEY_WRAP,
            CKM.AES_KEY_WRAP_PAD);
    private static final Set<Long> TRUNCATED = Set.of(
            CKM.MD5_HMAC_GENERAL,
            CKM.SHA_1_HMAC_GENERAL,
            CKM.SHA224_HMAC_GENERAL,
            CKM.SHA256_HMAC_GENERAL,
            CKM.SHA384_HMAC_GENERAL,
            CKM.SHA512_HMAC_GENERAL);
    private static final int COUNTER_BLOCK = 16;

    private MechanismParameters() {}

    /**
     * @param arena holds what the structure points to; must live until the module's function returned, which copies it
     * @return null for no parameter
     */
    static byte @Nullable [] encode(Mechanism.Parameter parameter, Arena arena) throws CryptokiException {
        return switch (parameter) {
            case Mechanism.None none -> null;
            case Mechanism.Bytes bytes -> bytes.value();
            case Mechanism.Number number -> words(arena, number.value());
            case Mechanism.Pss pss -> words(arena, pss.hash(), pss.mgf(), pss.saltLength());
            case Mechanism.Oaep oaep ->
                words(
                        arena,
                        oaep.hash(),
                        oaep.mgf(),
                        DATA_SPECIFIED,
                        pointer(arena, oaep.label()),
                        oaep.label().length);
            case Mechanism.Ecdh1 ecdh ->
                words(
                        arena,
                        ecdh.kdf(),
                        ecdh.sharedData().length,
                        pointer(arena, ecdh.sharedData()),
                        ecdh.publicData().length,
                        pointer(arena, ecdh.publicData()));
            case Mechanism.Counter counter -> counter(arena, counter);
            case Mechanism.Gcm gcm ->
                words(
                        arena,
                        pointer(arena, gcm.iv()),
                        gcm.iv().length,
                        gcm.ivBits(),
                        pointer(arena, gcm.additionalData()),
                        gcm.additionalData().length,
                        gcm.tagBits());
        };
    }

    /**
     * Both wrappers free what they take for pointers inside a parameter, going by the mechanism's number alone. A parameter
     * of another kind than the mechanism's would make them free memory at random.
     *
     * @throws CryptokiException CKR_MECHANISM_PARAM_INVALID
     */
    static Mechanism checked(String function, Mechanism mechanism) throws CryptokiException {
        Class<? extends Mechanism.Parameter> given = mechanism.parameter().getClass();
        if (given != Mechanism.None.class && given != expected(mechanism.type())) {
            throw new CryptokiException(function, CKR.MECHANISM_PARAM_INVALID);
        }
        return mechanism;
    }

    private static Class<? extends Mechanism.Parameter> expected(long mechanism) {
        if (PSS.contains(mechanism)) {
            return Mechanism.Pss.class;
        }
        if (INITIALISATION_VECTOR.contains(mechanism)) {
            return Mechanism.Bytes.class;
        }
        if (TRUNCATED.contains(mechanism)) {
            return Mechanism.Number.class;
        }
        if (mechanism == CKM.RSA_PKCS_OAEP) {
            return Mechanism.Oaep.class;
        }
        if (mechanism == CKM.ECDH1_DERIVE || mechanism == CKM.ECDH1_COFACTOR_DERIVE) {
            return Mechanism.Ecdh1.class;
        }
        if (mechanism == CKM.AES_GCM) {
            return Mechanism.Gcm.class;
        }
        return mechanism == CKM.AES_CTR ? Mechanism.Counter.class : Mechanism.None.class;
    }

    /** The whole CK_MECHANISM: its type, and its parameter's address and length. */
    static MemorySegment struct(Mechanism mechanism, Arena arena) throws CryptokiException {
        byte[] parameter = encode(mechanism.parameter(), arena);
        return parameter == null
                ? arena.allocateFrom(ULONG, mechanism.type(), 0, 0)
                : arena.allocateFrom(ULONG, mechanism.type(), pointer(arena, parameter), parameter.length);
    }

    private static byte[] counter(Arena arena, Mechanism.Counter counter) throws CryptokiException {
        if (counter.block().length != COUNTER_BLOCK) {
            throw new CryptokiException("C_EncryptInit", CKR.MECHANISM_PARAM_INVALID);
        }
        MemorySegment struct = arena.allocate(ULONG.byteSize() + COUNTER_BLOCK);
        struct.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, counter.counterBits());
        MemorySegment.copy(counter.block(), 0, struct, ValueLayout.JAVA_BYTE, ULONG.byteSize(), COUNTER_BLOCK);
        return struct.toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] words(Arena arena, long... words) {
        return arena.allocateFrom(ULONG, words).toArray(ValueLayout.JAVA_BYTE);
    }

    private static long pointer(Arena arena, byte[] bytes) {
        if (bytes.length == 0) {
            return 0;
        }
        MemorySegment copy = arena.allocate(bytes.length, ULONG.byteAlignment());
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy.address();
    }
}
