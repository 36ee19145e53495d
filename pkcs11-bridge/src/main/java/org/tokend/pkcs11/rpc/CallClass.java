package org.tokend.pkcs11.rpc;

/** How long a call may take is decided by its class. */
public enum CallClass {
    ORDINARY,
    /** A PIN is checked; some tokens stretch it on purpose. */
    LOGIN,
    /** Somebody types at a PIN pad. */
    PIN_PAD,
    /** Making an RSA key takes a card minutes. */
    KEY_GENERATION,
    /** C_WaitForSlotEvent, told to wait. */
    EVENT
}
