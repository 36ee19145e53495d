package org.tokend.pkcs11.application;

import java.util.Arrays;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.operation.EcdsaSignature;
import org.tokend.pkcs11.token.Token;

/** Signs with a private key: the data are brought into the form that the gate takes. */
final class Signing implements Transformation {
    private static final int ED25519_LENGTH = 64;

    private final ApplicationGate gate;
    private final Token token;
    private final KeyDescriptor key;
    private final SignatureScheme scheme;
    private final Intake intake;
    private final KeyChoice.StillAllowed stillAllowed;

    private Signing(
            ApplicationGate gate,
            Token token,
            KeyDescriptor key,
            SignatureScheme scheme,
            Intake intake,
            KeyChoice.StillAllowed stillAllowed) {
        this.gate = gate;
        this.token = token;
        this.key = key;
        this.scheme = scheme;
        this.intake = intake;
        this.stillAllowed = stillAllowed;
    }

    /** Starts what the mechanism asks for with the key that the handle names. */
    static Signing start(Calls calls, Session session, Mechanism mechanism, long handle)
            throws CryptokiException, TokenException {
        KeyDescriptor key = calls.keys().privateKey(session, KeyChoice.Use.SIGN, mechanism.type(), handle);
        SignatureScheme scheme = SignatureScheme.of(mechanism);
        SignableData.check(scheme, key);
        Intake intake = scheme.intake(calls.quota());
        return new Signing(
                calls.gate(), session.token(), key, scheme, intake, calls.keys().stillAllowed(session, handle));
    }

    @Override
    public void update(byte[] part) throws CryptokiException {
        intake.add(part);
    }

    @Override
    public byte[] finish() throws CryptokiException, TokenException {
        byte[] data = intake.take();
        SignableData signable = SignableData.of(scheme, key, data);
        Arrays.fill(data, (byte) 0);
        stillAllowed.check();
        byte[] signature = gate.sign(token, key, signable.algorithm(), signable.input());
        return isEcdsa(signable.algorithm()) ? raw(signature) : signature;
    }

    private static boolean isEcdsa(KeyAlgorithm algorithm) {
        return switch (algorithm) {
            case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 -> true;
            default -> false;
        };
    }

    private byte[] raw(byte[] signature) throws CryptokiException {
        try {
            return EcdsaSignature.toRaw(Curve.of(key.type()).orElseThrow(), signature);
        } catch (MalformedDerException e) {
            throw Refusal.of(CKR.DEVICE_ERROR);
        }
    }

    @Override
    public int bound() {
        if (key.type() == KeyType.RSA) {
            return (key.bits() + 7) / 8;
        }
        return key.type() == KeyType.ED25519
                ? ED25519_LENGTH
                : 2 * Curve.of(key.type()).orElseThrow().fieldLength();
    }

    @Override
    public void wipe() {
        intake.wipe();
    }
}
