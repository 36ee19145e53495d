package org.tokend.pkcs11.application;

import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/** The functions that turn data into data. */
interface DataFunctions extends Cryptoki {
    Calls calls();

    @Override
    default void encryptInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        calls().begin("C_EncryptInit", session, Encrypting.class, s -> Encrypting.start(calls(), s, mechanism, key));
    }

    @Override
    default byte[] encrypt(long session, byte[] data) throws CryptokiException {
        return calls().in("C_Encrypt", session, s -> s.single(Encrypting.class, data));
    }

    @Override
    default byte[] encryptUpdate(long session, byte[] part) throws CryptokiException {
        return calls().in("C_EncryptUpdate", session, s -> {
            s.update(Encrypting.class, part);
            return new byte[0];
        });
    }

    @Override
    default byte[] encryptFinal(long session) throws CryptokiException {
        return calls().in("C_EncryptFinal", session, s -> s.finish(Encrypting.class));
    }

    @Override
    default void decryptInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        calls().begin("C_DecryptInit", session, Decrypting.class, s -> Decrypting.start(calls(), s, mechanism, key));
    }

    @Override
    default byte[] decrypt(long session, byte[] data) throws CryptokiException {
        return calls().in("C_Decrypt", session, s -> s.single(Decrypting.class, data));
    }

    @Override
    default byte[] decryptUpdate(long session, byte[] part) throws CryptokiException {
        return calls().in("C_DecryptUpdate", session, s -> {
            s.update(Decrypting.class, part);
            return new byte[0];
        });
    }

    @Override
    default byte[] decryptFinal(long session) throws CryptokiException {
        return calls().in("C_DecryptFinal", session, s -> s.finish(Decrypting.class));
    }

    @Override
    default void digestInit(long session, Mechanism mechanism) throws CryptokiException {
        calls().begin(
                        "C_DigestInit",
                        session,
                        Digesting.class,
                        s -> Digesting.start(calls().mechanisms(), s, mechanism));
    }

    @Override
    default byte[] digest(long session, byte[] data) throws CryptokiException {
        return calls().in("C_Digest", session, s -> s.single(Digesting.class, data));
    }

    @Override
    default void digestUpdate(long session, byte[] part) throws CryptokiException {
        calls().step("C_DigestUpdate", session, s -> s.update(Digesting.class, part));
    }

    @Override
    default void digestKey(long session, long key) throws CryptokiException {
        calls().step("C_DigestKey", session, s -> {
            Digesting digesting = s.operation(Digesting.class);
            s.markInParts(Digesting.class);
            digesting.update(calls().objects().key(s, key));
        });
    }

    @Override
    default byte[] digestFinal(long session) throws CryptokiException {
        return calls().in("C_DigestFinal", session, s -> s.finish(Digesting.class));
    }

    @Override
    default void signInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        calls().begin("C_SignInit", session, Signing.class, s -> Signing.start(calls(), s, mechanism, key));
    }

    @Override
    default byte[] sign(long session, byte[] data) throws CryptokiException {
        return calls().in("C_Sign", session, s -> s.single(Signing.class, data));
    }

    @Override
    default void signUpdate(long session, byte[] part) throws CryptokiException {
        calls().step("C_SignUpdate", session, s -> s.update(Signing.class, part));
    }

    @Override
    default byte[] signFinal(long session) throws CryptokiException {
        return calls().in("C_SignFinal", session, s -> s.finish(Signing.class));
    }

    @Override
    default void verifyInit(long session, Mechanism mechanism, long key) throws CryptokiException {
        calls().begin("C_VerifyInit", session, Verifying.class, s -> Verifying.start(calls(), s, mechanism, key));
    }

    @Override
    default void verify(long session, byte[] data, byte[] signature) throws CryptokiException {
        calls().step("C_Verify", session, s -> s.verify(data, signature));
    }

    @Override
    default void verifyUpdate(long session, byte[] part) throws CryptokiException {
        calls().step("C_VerifyUpdate", session, s -> s.verifyUpdate(part));
    }

    @Override
    default void verifyFinal(long session, byte[] signature) throws CryptokiException {
        calls().step("C_VerifyFinal", session, s -> s.verifyFinal(signature));
    }

    @Override
    default void seedRandom(long session, byte[] seed) throws CryptokiException {
        calls().step("C_SeedRandom", session, s -> s.token().seedRandom(seed));
    }

    @Override
    default byte[] generateRandom(long session, int length) throws CryptokiException {
        return calls().in("C_GenerateRandom", session, s -> {
            calls().quota().take(length);
            try {
                return s.token().random(length);
            } finally {
                calls().quota().giveBack(length);
            }
        });
    }
}
