package org.tokend.pkcs11.application;

/** What a session is in the middle of, from its Init function on. Used under the session's lock. */
interface Operation {
    /** Forgets keys and data; the operation is over. */
    void wipe();
}
