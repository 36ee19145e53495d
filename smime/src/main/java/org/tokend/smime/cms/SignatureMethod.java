package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * A signature algorithm in the words of the JCA. The JDK checks what it knows; Bouncy Castle the rest, such as other curves
 * and ML-DSA (RFC 9882), and is loaded only then.
 *
 * @param parameters of RSASSA-PSS, or null
 * @param digest over what is signed; null where the algorithm has its own
 */
record SignatureMethod(
        String name,
        @Nullable AlgorithmParameterSpec parameters,
        @Nullable ContentDigest digest) {

    private static final Map<ASN1ObjectIdentifier, ContentDigest> RSA = Map.of(
            PKCSObjectIdentifiers.md5WithRSAEncryption, ContentDigest.MD5,
            PKCSObjectIdentifiers.sha1WithRSAEncryption, ContentDigest.SHA1,
            PKCSObjectIdentifiers.sha224WithRSAEncryption, ContentDigest.SHA224,
            PKCSObjectIdentifiers.sha256WithRSAEncryption, ContentDigest.SHA256,
            PKCSObjectIdentifiers.sha384WithRSAEncryption, ContentDigest.SHA384,
            PKCSObjectIdentifiers.sha512WithRSAEncryption, ContentDigest.SHA512,
            NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_256, ContentDigest.SHA3_256,
            NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_384, ContentDigest.SHA3_384,
            NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_512, ContentDigest.SHA3_512);

    private static final Map<ASN1ObjectIdentifier, ContentDigest> ECDSA = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA1, ContentDigest.SHA1,
            X9ObjectIdentifiers.ecdsa_with_SHA224, ContentDigest.SHA224,
            X9ObjectIdentifiers.ecdsa_with_SHA256, ContentDigest.SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384, ContentDigest.SHA384,
            X9ObjectIdentifiers.ecdsa_with_SHA512, ContentDigest.SHA512,
            NISTObjectIdentifiers.id_ecdsa_with_sha3_256, ContentDigest.SHA3_256,
            NISTObjectIdentifiers.id_ecdsa_with_sha3_384, ContentDigest.SHA3_384,
            NISTObjectIdentifiers.id_ecdsa_with_sha3_512, ContentDigest.SHA3_512);

    private static final Map<ASN1ObjectIdentifier, String> PURE = Map.of(
            EdECObjectIdentifiers.id_Ed25519, "Ed25519",
            EdECObjectIdentifiers.id_Ed448, "Ed448",
            NISTObjectIdentifiers.id_ml_dsa_44, "ML-DSA-44",
            NISTObjectIdentifiers.id_ml_dsa_65, "ML-DSA-65",
            NISTObjectIdentifiers.id_ml_dsa_87, "ML-DSA-87");

    /** @param content the digest that the SignerInfo names: some algorithms say no digest of their own */
    static Optional<SignatureMethod> of(AlgorithmIdentifier identifier, ContentDigest content) {
        ASN1ObjectIdentifier oid = identifier.getAlgorithm();
        if (oid.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return Optional.of(hashed(content, "RSA"));
        }
        if (oid.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return Optional.of(hashed(content, "ECDSA"));
        }
        if (oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return pss(RSASSAPSSparams.getInstance(identifier.getParameters()));
        }
        ContentDigest rsa = RSA.get(oid);
        ContentDigest ecdsa = ECDSA.get(oid);
        String pure = PURE.get(oid);
        if (rsa != null) {
            return Optional.of(hashed(rsa, "RSA"));
        }
        if (ecdsa != null) {
            return Optional.of(hashed(ecdsa, "ECDSA"));
        }
        return pure == null ? Optional.empty() : Optional.of(new SignatureMethod(pure, null, null));
    }

    private static SignatureMethod hashed(ContentDigest digest, String family) {
        return new SignatureMethod(digest.inSignatureName() + "with" + family, null, digest);
    }

    /** RFC 4056 §2.2; a mask generation other than MGF1 is not known to anybody. */
    private static Optional<SignatureMethod> pss(@Nullable RSASSAPSSparams given) {
        RSASSAPSSparams params = given == null ? new RSASSAPSSparams() : given;
        AlgorithmIdentifier mask = params.getMaskGenAlgorithm();
        ASN1Encodable maskDigest = mask.getParameters();
        Optional<ContentDigest> digest =
                ContentDigest.of(params.getHashAlgorithm().getAlgorithm());
        if (!PKCSObjectIdentifiers.id_mgf1.equals(mask.getAlgorithm()) || maskDigest == null || digest.isEmpty()) {
            return Optional.empty();
        }
        return ContentDigest.of(AlgorithmIdentifier.getInstance(maskDigest).getAlgorithm())
                .map(mgf -> new SignatureMethod(
                        "RSASSA-PSS",
                        new PSSParameterSpec(
                                digest.get().jcaName(),
                                "MGF1",
                                new MGF1ParameterSpec(mgf.jcaName()),
                                params.getSaltLength().intValueExact(),
                                params.getTrailerField().intValueExact()),
                        digest.get()));
    }

    String displayName() {
        ContentDigest own = digest;
        return parameters == null || own == null ? name : name + " with " + own.jcaName();
    }

    /** @throws GeneralSecurityException if the key is of another kind, or the signature no signature */
    boolean verify(SubjectPublicKeyInfo key, InputStream signed, byte[] signature)
            throws GeneralSecurityException, IOException {
        Signature verifier = initialised(key);
        byte[] buffer = new byte[1 << 14];
        int count = signed.read(buffer);
        while (count >= 0) {
            verifier.update(buffer, 0, count);
            count = signed.read(buffer);
        }
        return verifier.verify(signature);
    }

    private Signature initialised(SubjectPublicKeyInfo key) throws GeneralSecurityException, IOException {
        try {
            Signature verifier = Signature.getInstance(name);
            prepare(verifier, KeyFactory.getInstance(keyAlgorithm(key)).generatePublic(spec(key)));
            return verifier;
        } catch (GeneralSecurityException notForTheJdk) {
            Signature verifier = Signature.getInstance(bouncyCastleName(), new BouncyCastleProvider());
            PublicKey parsed = BouncyCastleProvider.getPublicKey(key);
            if (parsed == null) {
                throw notForTheJdk;
            }
            prepare(verifier, parsed);
            return verifier;
        }
    }

    private void prepare(Signature verifier, PublicKey key) throws GeneralSecurityException {
        if (parameters != null) {
            verifier.setParameter(parameters);
        }
        verifier.initVerify(key);
    }

    private String bouncyCastleName() {
        ContentDigest own = digest;
        return parameters == null || own == null ? name : own.inSignatureName() + "withRSAandMGF1";
    }

    private static X509EncodedKeySpec spec(SubjectPublicKeyInfo key) throws IOException {
        return new X509EncodedKeySpec(key.getEncoded());
    }

    private static String keyAlgorithm(SubjectPublicKeyInfo key) {
        ASN1ObjectIdentifier oid = key.getAlgorithm().getAlgorithm();
        if (oid.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        if (oid.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        if (oid.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return "Ed25519";
        }
        return oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS) ? "RSASSA-PSS" : oid.getId();
    }
}
