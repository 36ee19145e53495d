package org.tokend.pkcs11.cryptoki;

/** The functions that we call by pointer, with their places in CK_FUNCTION_LIST (PKCS#11 v3.1 §3.6). */
enum CFunction {
    INITIALIZE(0, "C_Initialize"),
    FINALIZE(1, "C_Finalize"),
    GET_FUNCTION_LIST(3, "C_GetFunctionList"),
    INIT_TOKEN(9, "C_InitToken"),
    INIT_PIN(10, "C_InitPIN"),
    SET_PIN(11, "C_SetPIN"),
    LOGIN(18, "C_Login"),
    GET_ATTRIBUTE_VALUE(24, "C_GetAttributeValue"),
    FIND_OBJECTS(27, "C_FindObjects"),
    ENCRYPT_INIT(29, "C_EncryptInit"),
    ENCRYPT(30, "C_Encrypt"),
    ENCRYPT_UPDATE(31, "C_EncryptUpdate"),
    ENCRYPT_FINAL(32, "C_EncryptFinal"),
    DECRYPT_INIT(33, "C_DecryptInit"),
    DECRYPT(34, "C_Decrypt"),
    DECRYPT_UPDATE(35, "C_DecryptUpdate"),
    DECRYPT_FINAL(36, "C_DecryptFinal"),
    DIGEST(38, "C_Digest"),
    DIGEST_FINAL(41, "C_DigestFinal"),
    SIGN_INIT(42, "C_SignInit"),
    SIGN(43, "C_Sign"),
    SIGN_FINAL(45, "C_SignFinal"),
    VERIFY_INIT(48, "C_VerifyInit"),
    WRAP_KEY(60, "C_WrapKey");

    private final int index;
    private final String cName;

    CFunction(int index, String cName) {
        this.index = index;
        this.cName = cName;
    }

    int index() {
        return index;
    }

    String cName() {
        return cName;
    }

    void check(long returned) throws CryptokiException {
        if (returned != CKR.OK) {
            throw new CryptokiException(cName, returned);
        }
    }
}
