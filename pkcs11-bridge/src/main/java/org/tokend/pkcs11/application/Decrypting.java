package org.tokend.pkcs11.application;

import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.token.Token;

/** Decrypts one RSA block with a private key. */
final class Decrypting implements Transformation {
    private final ApplicationGate gate;
    private final Token token;
    private final KeyDescriptor key;
    private final KeyAlgorithm algorithm;
    private final Intake.Kept ciphertext;
    private final KeyChoice.StillAllowed stillAllowed;

    private Decrypting(
            ApplicationGate gate,
            Token token,
            KeyDescriptor key,
            KeyAlgorithm algorithm,
            Quota quota,
            KeyChoice.StillAllowed stillAllowed) {
        this.gate = gate;
        this.token = token;
        this.key = key;
        this.algorithm = algorithm;
        this.ciphertext = new Intake.Kept(modulusLength(key), CKR.ENCRYPTED_DATA_LEN_RANGE, quota);
        this.stillAllowed = stillAllowed;
    }

    static Decrypting start(Calls calls, Session session, Mechanism mechanism, long handle)
            throws CryptokiException, TokenException {
        KeyDescriptor key = calls.keys().privateKey(session, KeyChoice.Use.DECRYPT, mechanism.type(), handle);
        KeyAlgorithm algorithm = algorithm(mechanism);
        if (modulusLength(key) < 2 * algorithm.digestLength() + 2) {
            throw Refusal.of(CKR.KEY_SIZE_RANGE);
        }
        return new Decrypting(
                calls.gate(),
                session.token(),
                key,
                algorithm,
                calls.quota(),
                calls.keys().stillAllowed(session, handle));
    }

    private static KeyAlgorithm algorithm(Mechanism mechanism) throws CryptokiException {
        if (mechanism.type() == CKM.RSA_PKCS && SignatureScheme.hasNoParameter(mechanism)) {
            return KeyAlgorithm.RSA_PKCS1;
        }
        OaepScheme scheme = OaepScheme.of(mechanism);
        if (!scheme.sameMask() || scheme.label().length != 0) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        return switch (scheme.hash()) {
            case "SHA-1" -> KeyAlgorithm.RSA_OAEP_SHA1;
            case "SHA-256" -> KeyAlgorithm.RSA_OAEP_SHA256;
            case "SHA-384" -> KeyAlgorithm.RSA_OAEP_SHA384;
            case "SHA-512" -> KeyAlgorithm.RSA_OAEP_SHA512;
            default -> throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        };
    }

    private static int modulusLength(KeyDescriptor key) {
        return (key.bits() + 7) / 8;
    }

    @Override
    public void update(byte[] part) throws CryptokiException {
        ciphertext.add(part);
    }

    @Override
    public byte[] finish() throws CryptokiException, TokenException {
        byte[] block = ciphertext.take();
        if (block.length != modulusLength(key)) {
            throw Refusal.of(CKR.ENCRYPTED_DATA_LEN_RANGE);
        }
        stillAllowed.check();
        return gate.decrypt(token, key, algorithm, block);
    }

    @Override
    public int bound() {
        return modulusLength(key);
    }

    @Override
    public void wipe() {
        ciphertext.wipe();
    }
}
