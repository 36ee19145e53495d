package org.tokend.pkcs11.cryptoki;

/** The functions that we call by pointer, with their places in CK_FUNCTION_LIST (PKCS#11 v3.1 §3.6). */
enum CFunction {
    INITIALIZE(0, "C_Initialize"),
    FINALIZE(1, "C_Finalize"),
    INIT_TOKEN(9, "C_InitToken"),
    INIT_PIN(10, "C_InitPIN"),
    SET_PIN(11, "C_SetPIN"),
    LOGIN(18, "C_Login"),
    GET_ATTRIBUTE_VALUE(24, "C_GetAttributeValue");

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
}
