package org.tokend.pkcs11.rpc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the protocol: id, name and the signatures of request and reply. A signature is spelled from {@code y} byte,
 * {@code u} CK_ULONG, {@code v} version, {@code s} padded text, {@code z} C string, {@code ay} byte array, {@code au} number
 * array, {@code fy} and {@code fu} buffers offered, {@code aA} attributes, {@code fA} attribute buffers, {@code M} mechanism,
 * {@code P} what became of a mechanism's parameter. Ids 1 to 65 are the same in all versions of p11-kit, 66 to 88 came with
 * version 1, 89 with version 2.
 */
enum Call {
    INITIALIZE(1, "C_Initialize", "ayyay", ""),
    FINALIZE(2, "C_Finalize", "", ""),
    GET_INFO(3, "C_GetInfo", "", "vsusv"),
    GET_SLOT_LIST(4, "C_GetSlotList", "yfu", "au"),
    GET_SLOT_INFO(5, "C_GetSlotInfo", "u", "ssuvv"),
    GET_TOKEN_INFO(6, "C_GetTokenInfo", "u", "ssssuuuuuuuuuuuvvs"),
    GET_MECHANISM_LIST(7, "C_GetMechanismList", "ufu", "au"),
    GET_MECHANISM_INFO(8, "C_GetMechanismInfo", "uu", "uuu"),
    INIT_TOKEN(9, "C_InitToken", "uayz", ""),
    OPEN_SESSION(10, "C_OpenSession", "uu", "u"),
    CLOSE_SESSION(11, "C_CloseSession", "u", ""),
    CLOSE_ALL_SESSIONS(12, "C_CloseAllSessions", "u", ""),
    GET_SESSION_INFO(13, "C_GetSessionInfo", "u", "uuuu"),
    INIT_PIN(14, "C_InitPIN", "uay", ""),
    SET_PIN(15, "C_SetPIN", "uayay", ""),
    GET_OPERATION_STATE(16, "C_GetOperationState", "ufy", "ay"),
    SET_OPERATION_STATE(17, "C_SetOperationState", "uayuu", ""),
    LOGIN(18, "C_Login", "uuay", ""),
    LOGOUT(19, "C_Logout", "u", ""),
    CREATE_OBJECT(20, "C_CreateObject", "uaA", "u"),
    COPY_OBJECT(21, "C_CopyObject", "uuaA", "u"),
    DESTROY_OBJECT(22, "C_DestroyObject", "uu", ""),
    GET_OBJECT_SIZE(23, "C_GetObjectSize", "uu", "u"),
    GET_ATTRIBUTE_VALUE(24, "C_GetAttributeValue", "uufA", "aAu"),
    SET_ATTRIBUTE_VALUE(25, "C_SetAttributeValue", "uuaA", ""),
    FIND_OBJECTS_INIT(26, "C_FindObjectsInit", "uaA", ""),
    FIND_OBJECTS(27, "C_FindObjects", "ufu", "au"),
    FIND_OBJECTS_FINAL(28, "C_FindObjectsFinal", "u", ""),
    ENCRYPT_INIT(29, "C_EncryptInit", "uMu", ""),
    ENCRYPT(30, "C_Encrypt", "uayfy", "ay"),
    ENCRYPT_UPDATE(31, "C_EncryptUpdate", "uayfy", "ay"),
    ENCRYPT_FINAL(32, "C_EncryptFinal", "ufy", "ay"),
    DECRYPT_INIT(33, "C_DecryptInit", "uMu", ""),
    DECRYPT(34, "C_Decrypt", "uayfy", "ay"),
    DECRYPT_UPDATE(35, "C_DecryptUpdate", "uayfy", "ay"),
    DECRYPT_FINAL(36, "C_DecryptFinal", "ufy", "ay"),
    DIGEST_INIT(37, "C_DigestInit", "uM", ""),
    DIGEST(38, "C_Digest", "uayfy", "ay"),
    DIGEST_UPDATE(39, "C_DigestUpdate", "uay", ""),
    DIGEST_KEY(40, "C_DigestKey", "uu", ""),
    DIGEST_FINAL(41, "C_DigestFinal", "ufy", "ay"),
    SIGN_INIT(42, "C_SignInit", "uMu", ""),
    SIGN(43, "C_Sign", "uayfy", "ay"),
    SIGN_UPDATE(44, "C_SignUpdate", "uay", ""),
    SIGN_FINAL(45, "C_SignFinal", "ufy", "ay"),
    SIGN_RECOVER_INIT(46, "C_SignRecoverInit", "uMu", ""),
    SIGN_RECOVER(47, "C_SignRecover", "uayfy", "ay"),
    VERIFY_INIT(48, "C_VerifyInit", "uMu", ""),
    VERIFY(49, "C_Verify", "uayay", ""),
    VERIFY_UPDATE(50, "C_VerifyUpdate", "uay", ""),
    VERIFY_FINAL(51, "C_VerifyFinal", "uay", ""),
    VERIFY_RECOVER_INIT(52, "C_VerifyRecoverInit", "uMu", ""),
    VERIFY_RECOVER(53, "C_VerifyRecover", "uayfy", "ay"),
    DIGEST_ENCRYPT_UPDATE(54, "C_DigestEncryptUpdate", "uayfy", "ay"),
    DECRYPT_DIGEST_UPDATE(55, "C_DecryptDigestUpdate", "uayfy", "ay"),
    SIGN_ENCRYPT_UPDATE(56, "C_SignEncryptUpdate", "uayfy", "ay"),
    DECRYPT_VERIFY_UPDATE(57, "C_DecryptVerifyUpdate", "uayfy", "ay"),
    GENERATE_KEY(58, "C_GenerateKey", "uMaA", "u"),
    GENERATE_KEY_PAIR(59, "C_GenerateKeyPair", "uMaAaA", "uu"),
    WRAP_KEY(60, "C_WrapKey", "uMuufy", "ay"),
    UNWRAP_KEY(61, "C_UnwrapKey", "uMuayaA", "u"),
    DERIVE_KEY(62, "C_DeriveKey", "uMuaA", "u"),
    SEED_RANDOM(63, "C_SeedRandom", "uay", ""),
    GENERATE_RANDOM(64, "C_GenerateRandom", "ufy", "ay"),
    WAIT_FOR_SLOT_EVENT(65, "C_WaitForSlotEvent", "u", "u"),
    LOGIN_USER(66, "C_LoginUser", "uuayay", ""),
    SESSION_CANCEL(67, "C_SessionCancel", "uu", ""),
    MESSAGE_ENCRYPT_INIT(68, "C_MessageEncryptInit", "uMu", ""),
    ENCRYPT_MESSAGE(69, "C_EncryptMessage", "uayayayfy", "ay"),
    ENCRYPT_MESSAGE_BEGIN(70, "C_EncryptMessageBegin", "uayay", ""),
    ENCRYPT_MESSAGE_NEXT(71, "C_EncryptMessageNext", "uayayfyu", "ay"),
    MESSAGE_ENCRYPT_FINAL(72, "C_MessageEncryptFinal", "u", ""),
    MESSAGE_DECRYPT_INIT(73, "C_MessageDecryptInit", "uMu", ""),
    DECRYPT_MESSAGE(74, "C_DecryptMessage", "uayayayfy", "ay"),
    DECRYPT_MESSAGE_BEGIN(75, "C_DecryptMessageBegin", "uayay", ""),
    DECRYPT_MESSAGE_NEXT(76, "C_DecryptMessageNext", "uayayfyu", "ay"),
    MESSAGE_DECRYPT_FINAL(77, "C_MessageDecryptFinal", "u", ""),
    MESSAGE_SIGN_INIT(78, "C_MessageSignInit", "uMu", ""),
    SIGN_MESSAGE(79, "C_SignMessage", "uayayfy", "ay"),
    SIGN_MESSAGE_BEGIN(80, "C_SignMessageBegin", "uay", ""),
    SIGN_MESSAGE_NEXT(81, "C_SignMessageNext", "uayayyfy", "ay"),
    MESSAGE_SIGN_FINAL(82, "C_MessageSignFinal", "u", ""),
    MESSAGE_VERIFY_INIT(83, "C_MessageVerifyInit", "uMu", ""),
    VERIFY_MESSAGE(84, "C_VerifyMessage", "uayayay", ""),
    VERIFY_MESSAGE_BEGIN(85, "C_VerifyMessageBegin", "uay", ""),
    VERIFY_MESSAGE_NEXT(86, "C_VerifyMessageNext", "uayayay", ""),
    MESSAGE_VERIFY_FINAL(87, "C_MessageVerifyFinal", "u", ""),
    INIT_TOKEN_2(88, "C_InitToken", "uays", ""),
    DERIVE_KEY_2(89, "C_DeriveKey", "uMuaA", "uPu");

    /** The call id of a reply that carries a CK_RV and nothing else. */
    static final int ERROR_ID = 0;

    static final String ERROR_SIGNATURE = "u";

    private static final Call[] BY_ID = new Call[values().length + 1];

    static {
        Arrays.stream(values()).forEach(call -> BY_ID[call.id] = call);
    }

    private final int id;
    private final String function;
    private final String request;
    private final String reply;

    Call(int id, String function, String request, String reply) {
        this.id = id;
        this.function = function;
        this.request = request;
        this.reply = reply;
    }

    static @Nullable Call ofId(int id) {
        return id < 1 || id >= BY_ID.length ? null : BY_ID[id];
    }

    int id() {
        return id;
    }

    /** The name of the C function. */
    String function() {
        return function;
    }

    String request() {
        return request;
    }

    String reply() {
        return reply;
    }

    /** Whether {@code next} uses up in one step what this call begins: they travel together, and so do their replies. */
    boolean begins(@Nullable Call next) {
        return this == SIGN_INIT && next == SIGN || this == DECRYPT_INIT && next == DECRYPT;
    }
}
