package org.tokend.smime.testing;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.protocol.UnwrapContentKey;
import org.tokend.smime.cms.TokenKeys;

/** Keys in memory that answer as tokend would: digests in, signatures out; one RecipientInfo in, a content key out. */
public final class SoftwareKeys implements TokenKeys {

    private static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();

    private final Map<String, PrivateKey> privateKeys = new LinkedHashMap<>();
    private final List<KeyDescription> descriptions = new ArrayList<>();
    private final List<Sign> signed = new ArrayList<>();
    private final List<UnwrapContentKey> unwrapped = new ArrayList<>();
    private boolean wrongContentKeys;

    public SoftwareKeys add(TestKey key, X509Certificate... certificates) {
        try {
            PublicKey publicKey = key.publicKey();
            byte[] spki = publicKey.getEncoded();
            String fingerprint = "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(spki));
            List<byte[]> encoded = new ArrayList<>();
            for (X509Certificate certificate : certificates) {
                encoded.add(certificate.getEncoded());
            }
            privateKeys.put(fingerprint, key.keyPair().getPrivate());
            String uri = "pkcs11:token=software;object=" + key.name();
            descriptions.add(new KeyDescription(
                    fingerprint,
                    uri,
                    "pkcs11:token=software",
                    key.name(),
                    "01",
                    publicKey instanceof RSAPublicKey ? "RSA" : publicKey instanceof ECPublicKey ? "EC" : "Ed25519",
                    publicKey instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 256,
                    curve(publicKey),
                    spki,
                    encoded,
                    List.of(),
                    algorithms(publicKey),
                    false,
                    null));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** From now on every content key is wrong, as implicit rejection makes it for a bad padding. */
    public void answerWithWrongContentKeys() {
        wrongContentKeys = true;
    }

    public List<Sign> signed() {
        return signed;
    }

    public List<UnwrapContentKey> unwrapped() {
        return unwrapped;
    }

    private static @Nullable String curve(PublicKey key) {
        return key instanceof ECPublicKey ec
                ? "P-" + ec.getParams().getCurve().getField().getFieldSize()
                : null;
    }

    private static Set<Algorithm> algorithms(PublicKey key) {
        Set<Algorithm> all = EnumSet.noneOf(Algorithm.class);
        String prefix = key instanceof RSAPublicKey ? "rsa" : key instanceof ECPublicKey ? "ec" : "ed25519";
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.wireName().startsWith(prefix)) {
                all.add(algorithm);
            }
        }
        return all;
    }

    @Override
    public List<KeyDescription> list() {
        return descriptions;
    }

    @Override
    public byte[] sign(Sign request) {
        signed.add(request);
        PrivateKey key = key(request.key());
        int digestLength = request.algorithm().digestLength();
        if (digestLength > 0 && request.input().length != digestLength) {
            throw new IllegalArgumentException("a digest of " + digestLength + " bytes is wanted");
        }
        try {
            Signature signature = signature(request.algorithm());
            signature.initSign(key);
            signature.update(prepared(request));
            return signature.sign();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** PKCS#1 v1.5 signs a DigestInfo, and the raw signature of the provider leaves it to the caller. */
    private static byte[] prepared(Sign request) throws IOException {
        return switch (request.algorithm()) {
            case RSA_PKCS1_SHA256 -> digestInfo(NISTObjectIdentifiers.id_sha256, request.input());
            case RSA_PKCS1_SHA384 -> digestInfo(NISTObjectIdentifiers.id_sha384, request.input());
            case RSA_PKCS1_SHA512 -> digestInfo(NISTObjectIdentifiers.id_sha512, request.input());
            default -> request.input();
        };
    }

    private static byte[] digestInfo(ASN1ObjectIdentifier oid, byte[] digest) throws IOException {
        return new DigestInfo(new AlgorithmIdentifier(oid, DERNull.INSTANCE), digest).getEncoded();
    }

    private static Signature signature(Algorithm algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case ED25519 -> Signature.getInstance("Ed25519");
            case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 -> Signature.getInstance("NONEwithECDSA");
            case RSA_PSS_SHA256 -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
            case RSA_PSS_SHA384 -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
            case RSA_PSS_SHA512 -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
            default -> Signature.getInstance("NONEwithRSA", BOUNCY_CASTLE);
        };
    }

    private static Signature pss(String digest, MGF1ParameterSpec mgf, int salt) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RAWRSASSA-PSS", BOUNCY_CASTLE);
        signature.setParameter(new PSSParameterSpec(digest, "MGF1", mgf, salt, 1));
        return signature;
    }

    @Override
    public byte[] unwrapContentKey(UnwrapContentKey request) {
        unwrapped.add(request);
        if (wrongContentKeys) {
            return new byte[request.keyLength()];
        }
        return RecipientKeys.unwrap(request.recipientInfo(), key(request.key()));
    }

    /** Whether the request carries the encrypted key of one recipient only. */
    public static int recipientsIn(UnwrapContentKey request) throws IOException {
        RecipientInfo info = RecipientInfo.getInstance(ASN1Primitive.fromByteArray(request.recipientInfo()));
        return info.getInfo() instanceof KeyAgreeRecipientInfo agreement
                ? agreement.getRecipientEncryptedKeys().size()
                : 1;
    }

    private PrivateKey key(String fingerprint) {
        PrivateKey key = privateKeys.get(fingerprint);
        if (key == null) {
            throw new IllegalArgumentException("no key " + fingerprint);
        }
        return key;
    }
}
