package org.tokend.pkcs11.cryptoki;

/** A module in this process. */
public sealed interface LocalCryptoki extends Cryptoki permits IaikCryptoki {

    /**
     * Whether several threads may call at once: the module took CKF_OS_LOCKING_OK. Otherwise every call must wait for the
     * one before. An instance of a module that somebody else had initialised in this process counts as unsafe.
     */
    boolean threadSafe();
}
