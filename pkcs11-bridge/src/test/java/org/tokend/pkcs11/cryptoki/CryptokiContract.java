package org.tokend.pkcs11.cryptoki;

/**
 * What every {@link Cryptoki} must do, shown on a real SoftHSM. A test class implements it and gives the instance and what
 * it lacks; one instance may serve all tests of the class.
 */
public interface CryptokiContract
        extends InfoContract, LoginContract, ObjectContract, SignContract, DecryptContract, SecretKeyContract {}
