package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.operation.DecryptOperation;
import org.tokend.pkcs11.operation.DecryptPlan;
import org.tokend.pkcs11.possession.PossessionCheck;
import org.tokend.pkcs11.session.ReturnValueClass;
import org.tokend.pkcs11.session.SessionPool;

/**
 * RSA decryption. Where the token takes the padding off itself, a bad padding may come back as any return value, also as one
 * that means a lost token elsewhere (SoftHSM: CKR_GENERAL_ERROR). It is answered like every bad padding, so that nobody
 * learns anything from it or locks the token by it; whether the token is well is found out before it is used again.
 */
final class Decryption {
    private static final Set<Long> NEVER_THE_PADDING = Set.of(
            CKR.DEVICE_REMOVED,
            CKR.DEVICE_MEMORY,
            CKR.HOST_MEMORY,
            CKR.TOKEN_NOT_PRESENT,
            CKR.TOKEN_NOT_RECOGNIZED,
            CKR.SESSION_CLOSED,
            CKR.SESSION_HANDLE_INVALID,
            CKR.KEY_HANDLE_INVALID,
            CKR.OPERATION_NOT_INITIALIZED,
            CKR.OPERATION_ACTIVE,
            CKR.CRYPTOKI_NOT_INITIALIZED);

    private record Suspicion(long generation, KeyDescriptor key, KeyAlgorithm algorithm) {}

    private final SessionPool pool;
    private final KeyOperations operations;
    private final AtomicReference<@Nullable Suspicion> suspicion = new AtomicReference<>();

    Decryption(SessionPool pool, KeyOperations operations) {
        this.pool = pool;
        this.operations = operations;
    }

    byte[] decrypt(
            KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext, @Nullable MemorySegment pin, boolean pinPad)
            throws TokenException {
        DecryptOperation.check(key, algorithm, ciphertext);
        byte[] plaintext = operations
                .perform(task(key, algorithm, pin, pinPad, (use, plan) -> {
                    try {
                        return new Outcome(DecryptOperation.run(use, plan, algorithm, ciphertext), false);
                    } catch (CryptokiException e) {
                        return badPadding(e, plan, key, algorithm);
                    }
                }))
                .plaintext();
        if (plaintext == null) {
            throw new TokenException.Failed(
                    "The ciphertext cannot be decrypted with the key " + key.uri() + ".", CKR.ENCRYPTED_DATA_INVALID);
        }
        return plaintext;
    }

    byte[] decryptPkcs1(
            KeyDescriptor key, byte[] ciphertext, Pkcs1Rejection rejection, @Nullable MemorySegment pin, boolean pinPad)
            throws TokenException {
        DecryptOperation.check(key, KeyAlgorithm.RSA_PKCS1, ciphertext);
        byte[] plaintext = operations
                .perform(task(key, KeyAlgorithm.RSA_PKCS1, pin, pinPad, (use, plan) -> {
                    try {
                        return new Outcome(DecryptOperation.runOrSubstitute(use, plan, ciphertext, rejection), false);
                    } catch (CryptokiException e) {
                        return badPadding(e, plan, key, KeyAlgorithm.RSA_PKCS1);
                    }
                }))
                .plaintext();
        return plaintext == null ? rejection.substitute().clone() : plaintext;
    }

    /** @param plaintext null for a bad padding */
    private record Outcome(byte @Nullable [] plaintext, boolean spoiled) implements KeyOperations.MaySpoil {}

    private KeyOperations.Task<DecryptPlan, Outcome> task(
            KeyDescriptor key,
            KeyAlgorithm algorithm,
            @Nullable MemorySegment pin,
            boolean pinPad,
            KeyOperations.Step<DecryptPlan, Outcome> step) {
        return new KeyOperations.Task<>(
                key, algorithm, pin, pinPad, table -> table.decryptPlans(key, algorithm), step, true);
    }

    private Outcome badPadding(CryptokiException e, DecryptPlan plan, KeyDescriptor key, KeyAlgorithm algorithm)
            throws CryptokiException {
        boolean byThePadding = !plan.raw()
                && e.function().equals("C_Decrypt")
                && !(e instanceof ConnectionLostException)
                && !plan.refusedBy(e)
                && !NEVER_THE_PADDING.contains(e.returnValue())
                && ReturnValueClass.of(e) != ReturnValueClass.USER;
        if (!byThePadding) {
            throw e;
        }
        suspicion.set(new Suspicion(pool.generation().number(), key, algorithm));
        return new Outcome(null, true);
    }

    /** Before the token is used again after a bad padding: it must decrypt what is known to be right. */
    void settle() {
        Suspicion open = suspicion.getAndSet(null);
        if (open == null
                || open.generation() != pool.generation().number()
                || open.key().alwaysAuthenticate()) {
            return;
        }
        boolean well;
        try {
            well = !PossessionCheck.by(open.algorithm(), open.key().type())
                    .holds(new Asked(open.key()), List.of(open.key().publicKey()), "settle")
                    .isEmpty();
        } catch (TokenException e) {
            well = false;
        }
        suspicion.set(null);
        if (!well) {
            pool.end(open.generation(), "the token no longer decrypts", false);
        }
    }

    private final class Asked implements PossessionCheck.Asked {
        private final KeyDescriptor key;

        Asked(KeyDescriptor key) {
            this.key = key;
        }

        @Override
        public byte[] sign(KeyAlgorithm algorithm, byte[] input) {
            throw new IllegalStateException("asked to decrypt only");
        }

        @Override
        public byte[] decrypt(KeyAlgorithm algorithm, byte[] ciphertext) throws TokenException {
            return Decryption.this.decrypt(key, algorithm, ciphertext, null, false);
        }

        @Override
        public byte[] agree(byte[] subjectPublicKeyInfo) {
            throw new IllegalStateException("asked to decrypt only");
        }
    }
}
