package org.tokend.client.jca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.tokend.client.ScriptedServer;
import org.tokend.protocol.Agree;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.PrivateKeyRequest;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Request;
import org.tokend.protocol.Sign;

/** A tokend whose tokens are keys in memory, with the answers that the real one gives. */
final class SoftwareKeys implements AutoCloseable {
    static final Provider BC = new BouncyCastleProvider();
    private static final String TOKEN = "pkcs11:token=Soft;serial=1";

    private record Held(KeyPair pair, KeyDescription description) {}

    private final Map<String, Held> keys = new LinkedHashMap<>();
    private final Queue<PrivateKeyRequest> uses = new ConcurrentLinkedQueue<>();
    private final ScriptedServer server;
    private volatile Reply.@Nullable Failure failure;

    SoftwareKeys() throws IOException {
        server = new ScriptedServer(call -> call.reply(answer(call.envelope().request())));
    }

    ScriptedServer server() {
        return server;
    }

    List<PrivateKeyRequest> uses() {
        return List.copyOf(uses);
    }

    /** From now on every use of a key fails like this; null for no longer. */
    void fail(Reply.@Nullable Failure with) {
        failure = with;
    }

    X509Certificate add(String label, String type) throws Exception {
        return add(label, type, 1);
    }

    X509Certificate add(String label, String type, int certificates) throws Exception {
        KeyPair pair = pair(type);
        List<byte[]> encoded = new ArrayList<>();
        X509Certificate first = certificate(pair, label, Duration.ofDays(30));
        for (int i = 0; i < certificates; i++) {
            encoded.add(
                    i == 0
                            ? first.getEncoded()
                            : certificate(pair, label + i, Duration.ofDays(-i)).getEncoded());
        }
        hold(pair, label, type, encoded, List.of());
        return first;
    }

    /** A P-256 key whose certificate another issued, with that one beside it on the token. */
    List<X509Certificate> addIssued(String label) throws Exception {
        KeyPair pair = pair("P-256");
        KeyPair authority = pair("P-256");
        X509Certificate issuer = certificate(authority, "Authority", Duration.ofDays(30));
        X509Certificate leaf = certificate(pair.getPublic(), label, authority, "Authority", Duration.ofDays(30));
        // Another authority of the same name must not be taken for it.
        X509Certificate namesake = certificate(pair("P-256"), "Authority", Duration.ofDays(30));
        hold(pair, label, "P-256", List.of(leaf.getEncoded()), List.of(namesake.getEncoded(), issuer.getEncoded()));
        return List.of(leaf, issuer);
    }

    private void hold(KeyPair pair, String label, String type, List<byte[]> certificates, List<byte[]> issuers)
            throws GeneralSecurityException {
        byte[] publicKey = pair.getPublic().getEncoded();
        String fingerprint = "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(publicKey));
        KeyDescription description = new KeyDescription(
                fingerprint,
                TOKEN + ";object=" + label,
                TOKEN,
                label,
                "01",
                type.startsWith("P-") ? "EC" : type,
                0,
                type.startsWith("P-") ? type : null,
                publicKey,
                certificates,
                issuers,
                EnumSet.allOf(Algorithm.class),
                false,
                null);
        keys.put(fingerprint, new Held(pair, description));
    }

    static KeyPair pair(String type) throws GeneralSecurityException {
        KeyPairGenerator generator;
        if (type.startsWith("P-")) {
            generator = KeyPairGenerator.getInstance("EC", "SunEC");
            generator.initialize(new ECGenParameterSpec("secp" + type.substring(2) + "r1"));
        } else {
            generator = KeyPairGenerator.getInstance(type);
            if (type.equals("RSA")) {
                generator.initialize(2048);
            }
        }
        return generator.generateKeyPair();
    }

    /** Its own issuer. */
    static X509Certificate certificate(KeyPair pair, String name, Duration left)
            throws GeneralSecurityException, OperatorCreationException {
        return certificate(pair.getPublic(), name, pair, name, left);
    }

    private static X509Certificate certificate(
            PublicKey key, String name, KeyPair issuer, String issuerName, Duration left)
            throws GeneralSecurityException, OperatorCreationException {
        String algorithm = switch (issuer.getPublic().getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                new X500Principal("CN=" + issuerName),
                                new BigInteger(64, new SecureRandom()),
                                Date.from(now.minus(Duration.ofDays(100))),
                                Date.from(now.plus(left)),
                                new X500Principal("CN=" + name),
                                key)
                        .build(new JcaContentSignerBuilder(algorithm).build(issuer.getPrivate())));
    }

    private Reply answer(Request request) throws Exception {
        if (request instanceof ListKeys) {
            return new Reply.Keys(keys.values().stream().map(Held::description).toList());
        }
        PrivateKeyRequest use = (PrivateKeyRequest) request;
        uses.add(use);
        Reply.Failure wanted = failure;
        if (wanted != null) {
            return wanted;
        }
        Held held = keys.get(use.key());
        if (held == null) {
            return new Reply.Failure(ErrorCode.KEY_NOT_FOUND, "No key " + use.key());
        }
        if (use instanceof Sign sign) {
            return new Reply.Signature(sign(held.pair(), sign));
        } else if (use instanceof Decrypt decrypt) {
            return decrypt(held.pair(), decrypt);
        } else if (use instanceof Agree agree) {
            return new Reply.SharedSecret(agree(held.pair(), agree));
        }
        return new Reply.Failure(ErrorCode.INTERNAL, "Not here");
    }

    private static byte[] sign(KeyPair pair, Sign sign) throws GeneralSecurityException {
        Algorithm algorithm = sign.algorithm();
        Hash hash = Arrays.stream(Hash.values())
                .filter(h -> h.pkcs1 == algorithm || h.pss == algorithm)
                .findFirst()
                .orElse(Hash.SHA256);
        if (algorithm.wireName().startsWith("rsa-pkcs1")) {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding", "SunJCE");
            cipher.init(Cipher.ENCRYPT_MODE, pair.getPrivate());
            cipher.update(hash.digestInfoPrefix);
            return cipher.doFinal(sign.input());
        }
        Signature signature;
        if (algorithm.wireName().startsWith("rsa-pss")) {
            signature = Signature.getInstance("RAWRSASSA-PSS", BC);
            signature.setParameter(
                    new PSSParameterSpec(hash.jcaName, "MGF1", new MGF1ParameterSpec(hash.jcaName), hash.length(), 1));
        } else {
            signature = Signature.getInstance(algorithm == Algorithm.ED25519 ? "Ed25519" : "NONEwithECDSA", "SunEC");
        }
        signature.initSign(pair.getPrivate());
        signature.update(sign.input());
        return signature.sign();
    }

    private static Reply decrypt(KeyPair pair, Decrypt decrypt) throws GeneralSecurityException {
        boolean pkcs1 = decrypt.algorithm() == Algorithm.RSA_PKCS1;
        Cipher cipher = Cipher.getInstance(pkcs1 ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding", "SunJCE");
        if (pkcs1) {
            cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate());
        } else {
            Hash hash = Arrays.stream(Hash.values())
                    .filter(h -> h.oaep == decrypt.algorithm())
                    .findFirst()
                    .orElseThrow();
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    pair.getPrivate(),
                    new OAEPParameterSpec(
                            hash.jcaName, "MGF1", new MGF1ParameterSpec(hash.jcaName), PSource.PSpecified.DEFAULT));
        }
        try {
            byte[] plaintext = cipher.doFinal(decrypt.ciphertext());
            if (!pkcs1 || fits(plaintext.length, decrypt.length())) {
                return new Reply.Plaintext(plaintext);
            }
        } catch (BadPaddingException e) {
            if (!pkcs1) {
                return new Reply.Failure(ErrorCode.TOKEN_FAILED, "The ciphertext does not decrypt");
            }
        }
        return new Reply.Plaintext(rejection(pair, decrypt));
    }

    private static boolean fits(int found, int asked) {
        return asked == 0 ? Decrypt.OPEN_LENGTHS.contains(found) : found == asked;
    }

    private static byte[] rejection(KeyPair pair, Decrypt decrypt) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(pair.getPrivate().getEncoded(), "HmacSHA512"));
        byte[] random = mac.doFinal(decrypt.ciphertext());
        int length = decrypt.length() != 0 ? decrypt.length() : Decrypt.OPEN_LENGTHS.get((random[63] & 0xff) % 3);
        return Arrays.copyOf(random, length);
    }

    private static byte[] agree(KeyPair pair, Agree agree) throws GeneralSecurityException {
        PublicKey peer =
                KeyFactory.getInstance("EC", "SunEC").generatePublic(new X509EncodedKeySpec(agree.publicKey()));
        KeyAgreement ecdh = KeyAgreement.getInstance("ECDH", "SunEC");
        ecdh.init(pair.getPrivate());
        ecdh.doPhase(peer, true);
        return ecdh.generateSecret();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
