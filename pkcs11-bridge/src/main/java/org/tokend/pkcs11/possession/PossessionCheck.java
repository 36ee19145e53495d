package org.tokend.pkcs11.possession;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;

/**
 * One proof that a private key belongs to a public key: a challenge for the token, and what its answer must fit. All that is
 * computed here is computed in software, with the public key alone.
 */
public final class PossessionCheck {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] DOMAIN = "tokend/possession/v1\0".getBytes(StandardCharsets.US_ASCII);

    /** Ways of proof, best first. Signing discloses nothing and can be verified by anybody. */
    private static final List<KeyAlgorithm> PREFERENCE = List.of(
            KeyAlgorithm.RSA_PKCS1_SHA256,
            KeyAlgorithm.RSA_PSS_SHA256,
            KeyAlgorithm.ECDSA_SHA256,
            KeyAlgorithm.ED25519,
            KeyAlgorithm.RSA_OAEP_SHA256,
            KeyAlgorithm.RSA_OAEP_SHA1,
            KeyAlgorithm.RSA_PKCS1,
            KeyAlgorithm.ECDH);

    /** What the token is asked; the answer is that of the façade's methods. */
    public interface Asked {
        byte[] sign(KeyAlgorithm algorithm, byte[] input) throws TokenException;

        byte[] decrypt(KeyAlgorithm algorithm, byte[] ciphertext) throws TokenException;

        byte[] agree(byte[] subjectPublicKeyInfo) throws TokenException;
    }

    private final KeyAlgorithm algorithm;
    private final KeyType type;

    private PossessionCheck(KeyAlgorithm algorithm, KeyType type) {
        this.algorithm = algorithm;
        this.type = type;
    }

    /** @throws TokenException.Unsupported when the key can do nothing that proves anything */
    public static PossessionCheck of(KeyDescriptor key) throws TokenException.Unsupported {
        return PREFERENCE.stream()
                .filter(key.algorithms()::contains)
                .findFirst()
                .map(algorithm -> by(algorithm, key.type()))
                .orElseThrow(() -> new TokenException.Unsupported(
                        "The key " + key.uri() + " allows no operation by which it could be proven."));
    }

    /** A proof by one algorithm. */
    public static PossessionCheck by(KeyAlgorithm algorithm, KeyType type) {
        return new PossessionCheck(algorithm, type);
    }

    /**
     * What is signed. The first byte is 0x74, so it can never be a DER SEQUENCE that a CA's key might be tricked into signing.
     */
    static byte[] message(byte[] subjectPublicKeyInfo, byte[] random, String purpose) {
        byte[] key = sha256(subjectPublicKeyInfo);
        byte[] tail = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] message = Arrays.copyOf(DOMAIN, DOMAIN.length + key.length + random.length + tail.length);
        System.arraycopy(key, 0, message, DOMAIN.length, key.length);
        System.arraycopy(random, 0, message, DOMAIN.length + key.length, random.length);
        System.arraycopy(tail, 0, message, DOMAIN.length + key.length + random.length, tail.length);
        return message;
    }

    /** @throws TokenException.KeyMismatch when the answer does not fit the public key */
    public void run(Asked token, KeyDescriptor key, String purpose) throws TokenException {
        if (!holds(token, List.of(key.publicKey()), purpose).isEmpty()) {
            return;
        }
        throw new TokenException.KeyMismatch("The private key under CKA_ID "
                + HexFormat.of().formatHex(key.ckaId()) + " on the token " + key.token()
                + " is not the key " + key.fingerprint()
                + " of the certificate or public key beside it: import the certificate that belongs to it.");
    }

    /** Those of the public keys that the token's answer fits. */
    public List<byte[]> holds(Asked token, List<byte[]> publicKeys, String purpose) throws TokenException {
        return switch (algorithm.use()) {
            case SIGN -> signed(token, publicKeys, purpose);
            case DECRYPT -> firstThat(publicKeys, key -> decrypts(token, key));
            case AGREE -> agrees(token, publicKeys);
        };
    }

    private interface Test {
        boolean passes(byte[] publicKey) throws TokenException, GeneralSecurityException;
    }

    private static List<byte[]> firstThat(List<byte[]> publicKeys, Test test) throws TokenException {
        for (byte[] key : publicKeys) {
            try {
                if (test.passes(key)) {
                    return List.of(key);
                }
            } catch (GeneralSecurityException e) {
                // No fit: the key is of another kind, or the answer is nothing that it can verify.
            }
        }
        return List.of();
    }

    private List<byte[]> signed(Asked token, List<byte[]> publicKeys, String purpose) throws TokenException {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        // One signature decides among all candidates: each is named by the first, which binds none of the others.
        byte[] message = message(publicKeys.getFirst(), random, purpose);
        byte[] input = algorithm == KeyAlgorithm.ED25519 ? message : sha256(message);
        byte[] signature = token.sign(algorithm, input);
        return firstThat(publicKeys, key -> SoftwareVerifier.verifies(publicKey(key), algorithm, message, signature));
    }

    private boolean decrypts(Asked token, byte[] subjectPublicKeyInfo) throws TokenException, GeneralSecurityException {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        Cipher cipher = Cipher.getInstance(
                algorithm == KeyAlgorithm.RSA_PKCS1 ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding");
        if (algorithm == KeyAlgorithm.RSA_PKCS1) {
            cipher.init(Cipher.ENCRYPT_MODE, publicKey(subjectPublicKeyInfo));
        } else {
            OAEPParameterSpec oaep = SoftwareVerifier.oaep(algorithm);
            cipher.init(Cipher.ENCRYPT_MODE, publicKey(subjectPublicKeyInfo), oaep);
        }
        try {
            return MessageDigest.isEqual(secret, token.decrypt(algorithm, cipher.doFinal(secret)));
        } catch (TokenException.Failed | TokenException.InvalidInput e) {
            return false; // A wrong key sees a bad padding, or a number that is too large.
        }
    }

    private List<byte[]> agrees(Asked token, List<byte[]> publicKeys) throws TokenException {
        return firstThat(publicKeys, key -> {
            ECPublicKey own = (ECPublicKey) publicKey(key);
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(own.getParams(), RANDOM);
            KeyPair ephemeral = generator.generateKeyPair();
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(ephemeral.getPrivate());
            agreement.doPhase(own, true);
            byte[] answer = token.agree(ephemeral.getPublic().getEncoded());
            return MessageDigest.isEqual(agreement.generateSecret(), answer);
        });
    }

    private PublicKey publicKey(byte[] subjectPublicKeyInfo) throws GeneralSecurityException {
        String family = switch (type) {
            case RSA -> "RSA";
            case ED25519 -> "Ed25519";
            case P256, P384, P521 -> "EC";
        };
        return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
    }

    private static byte[] sha256(byte[] bytes) {
        return HexFormat.of().parseHex(KeyFingerprint.of(bytes).hex());
    }
}
