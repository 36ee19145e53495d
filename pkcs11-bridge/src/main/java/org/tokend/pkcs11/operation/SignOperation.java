package org.tokend.pkcs11.operation;

import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SignInit;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.MalformedDerException;

/** Signs a digest, or for Ed25519 a message. */
public final class SignOperation {
    /** What crosses to the token in one call; the wire allows no more either. */
    static final int MAX_MESSAGE = 64 * 1024;

    private static final int ED25519_LENGTH = 64;

    private SignOperation() {}

    /** Looks at what is public, before anything is sent to the token. */
    public static void check(KeyDescriptor key, KeyAlgorithm algorithm, byte[] input) throws TokenException {
        if (algorithm.use() != KeyAlgorithm.Use.SIGN || !MechanismTable.fits(algorithm, key.type())) {
            throw new TokenException.Unsupported(
                    "The key " + key.uri() + " is of type " + key.type() + " and cannot sign with " + algorithm + ".");
        }
        int longest = (key.bits() + 7) / 8 - RsaPadding.PKCS1_OVERHEAD;
        if (algorithm == KeyAlgorithm.RSA_PKCS1_RAW) {
            if (input.length > longest) {
                throw new TokenException.InvalidInput("The key " + key.uri() + " signs at most " + longest
                        + " bytes with RSA_PKCS1_RAW, not " + input.length + ".");
            }
        } else if (algorithm == KeyAlgorithm.ED25519) {
            if (input.length > MAX_MESSAGE) {
                throw new TokenException.InvalidInput(
                        "A message to be signed with Ed25519 is at most " + MAX_MESSAGE + " bytes long.");
            }
        } else if (input.length != algorithm.digestLength()) {
            throw new TokenException.InvalidInput(algorithm + " signs a digest of " + algorithm.digestLength()
                    + " bytes, not of " + input.length + ".");
        }
        if (!roomFor(key, algorithm)) {
            throw new TokenException.Unsupported(
                    "The key " + key.uri() + " of " + key.bits() + " bits is too short for " + algorithm + ".");
        }
    }

    /** RFC 8017 §9.1.1 step 3 and §9.2 step 3. */
    private static boolean roomFor(KeyDescriptor key, KeyAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 ->
                (key.bits() - 1 + 7) / 8 >= 2 * algorithm.digestLength() + 2;
            case RSA_PKCS1_SHA1, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512 ->
                (key.bits() + 7) / 8 >= algorithm.digestLength() + 19 + RsaPadding.PKCS1_OVERHEAD;
            default -> true;
        };
    }

    /**
     * @return as {@code Token.sign} promises
     * @throws TokenException.WrongResult when what came back cannot be a signature of this kind
     */
    public static byte[] run(KeyUse use, SignPlan plan, byte[] input) throws CryptokiException, TokenException {
        byte[] data = plan.input().apply(input);
        byte[] signature;
        if (use.always()) {
            use.cryptoki().signInit(use.session(), plan.mechanism(), use.handle());
            use.authenticate();
            signature = use.cryptoki().sign(use.session(), data);
        } else {
            signature = signOnce(use, plan.init(use.handle()), data);
        }
        return inPromisedForm(use.key(), signature);
    }

    private static byte[] signOnce(KeyUse use, SignInit init, byte[] data) throws CryptokiException {
        if (use.ahead().done()) {
            try {
                return use.cryptoki().signOnce(use.session(), init, data, use.ahead());
            } catch (CryptokiException e) {
                if (e.returnValue() != CKR.OPERATION_NOT_INITIALIZED) {
                    throw e;
                }
            }
        }
        return use.cryptoki().signOnce(use.session(), init, data, use.ahead().notDone());
    }

    private static byte[] inPromisedForm(KeyDescriptor key, byte[] signature) throws TokenException.WrongResult {
        if (key.type() == KeyType.RSA) {
            int length = (key.bits() + 7) / 8;
            if (signature.length == 0 || signature.length > length) {
                throw wrongLength(key, signature.length);
            }
            return RsaPadding.leftPad(signature, length);
        }
        if (key.type() == KeyType.ED25519) {
            if (signature.length != ED25519_LENGTH) {
                throw wrongLength(key, signature.length);
            }
            return signature;
        }
        try {
            return EcdsaSignature.toDer(Curve.of(key.type()).orElseThrow(), signature);
        } catch (MalformedDerException e) {
            throw new TokenException.WrongResult(
                    "The token's answer for the key " + key.uri() + " is no signature: " + e.getMessage() + ".");
        }
    }

    private static TokenException.WrongResult wrongLength(KeyDescriptor key, int length) {
        return new TokenException.WrongResult(
                "The token's answer for the key " + key.uri() + " is no signature: it is " + length + " bytes long.");
    }
}
