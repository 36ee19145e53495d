package org.tokend.daemon.verification;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SignatureException;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.Algorithm;

/** Verifies what a token signed, over the same digest and with the public key that the caller asked for. Thread-safe. */
public final class SignatureVerifier {
    private final EcdsaVerifier ecdsa;
    private final RsaRecovery rsa;

    public SignatureVerifier() {
        this(FastProvider.find());
    }

    SignatureVerifier(Provider provider) {
        this.ecdsa = new EcdsaVerifier(provider);
        this.rsa = new RsaRecovery(provider);
    }

    /** @param input the digest, the message for Ed25519, or what raw PKCS#1 pads */
    public boolean verify(KeyDescriptor key, Algorithm algorithm, byte[] input, byte[] signature) {
        try {
            return switch (algorithm) {
                case RSA_PKCS1_SHA1, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PKCS1_RAW ->
                    RsaPadding.isPkcs1(recovered(key, signature), algorithm, input);
                case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 ->
                    RsaPadding.isPss(recovered(key, signature), algorithm, input, key.bits());
                case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 -> ecdsa.verify(key.publicKey(), input, signature);
                case ED25519 -> verifyEd25519(key, input, signature);
                case RSA_PKCS1, RSA_OAEP_SHA1, RSA_OAEP_SHA256, RSA_OAEP_SHA384, RSA_OAEP_SHA512, ECDH -> false;
            };
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // A signature that cannot even be read does not verify.
            return false;
        }
    }

    private byte[] recovered(KeyDescriptor key, byte[] signature) throws GeneralSecurityException {
        if (signature.length != (key.bits() + 7) / 8) {
            throw new SignatureException("a signature of another length than the modulus");
        }
        return rsa.recover(key.publicKey(), signature);
    }

    private static boolean verifyEd25519(KeyDescriptor key, byte[] message, byte[] signature) throws IOException {
        if (!(PublicKeyFactory.createKey(key.publicKey()) instanceof Ed25519PublicKeyParameters publicKey)) {
            return false;
        }
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(false, publicKey);
        signer.update(message, 0, message.length);
        return signer.verifySignature(signature);
    }
}
