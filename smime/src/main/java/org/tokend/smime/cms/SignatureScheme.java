package org.tokend.smime.cms;

import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.KeyDescription;

/** A signature algorithm of the token in the words of CMS (RFC 5754, 4056, 8419) and of MIME. */
public enum SignatureScheme {
    RSA_PKCS1_SHA256(Algorithm.RSA_PKCS1_SHA256, Hash.SHA256, PKCSObjectIdentifiers.sha256WithRSAEncryption),
    RSA_PKCS1_SHA384(Algorithm.RSA_PKCS1_SHA384, Hash.SHA384, PKCSObjectIdentifiers.sha384WithRSAEncryption),
    RSA_PKCS1_SHA512(Algorithm.RSA_PKCS1_SHA512, Hash.SHA512, PKCSObjectIdentifiers.sha512WithRSAEncryption),
    RSA_PSS_SHA256(Algorithm.RSA_PSS_SHA256, Hash.SHA256, PKCSObjectIdentifiers.id_RSASSA_PSS),
    RSA_PSS_SHA384(Algorithm.RSA_PSS_SHA384, Hash.SHA384, PKCSObjectIdentifiers.id_RSASSA_PSS),
    RSA_PSS_SHA512(Algorithm.RSA_PSS_SHA512, Hash.SHA512, PKCSObjectIdentifiers.id_RSASSA_PSS),
    ECDSA_SHA256(Algorithm.ECDSA_SHA256, Hash.SHA256, X9ObjectIdentifiers.ecdsa_with_SHA256),
    ECDSA_SHA384(Algorithm.ECDSA_SHA384, Hash.SHA384, X9ObjectIdentifiers.ecdsa_with_SHA384),
    ECDSA_SHA512(Algorithm.ECDSA_SHA512, Hash.SHA512, X9ObjectIdentifiers.ecdsa_with_SHA512),
    /** RFC 8419 §3: SHA-512 for the content, pure Ed25519 over the DER of the signed attributes. */
    ED25519(Algorithm.ED25519, Hash.SHA512, EdECObjectIdentifiers.id_Ed25519);

    /** A digest in the words of the JDK, of CMS and of {@code micalg} (RFC 8551 §3.5.3.2). */
    enum Hash {
        SHA256("SHA-256", NISTObjectIdentifiers.id_sha256, 32),
        SHA384("SHA-384", NISTObjectIdentifiers.id_sha384, 48),
        SHA512("SHA-512", NISTObjectIdentifiers.id_sha512, 64);

        private final String jcaName;
        private final ASN1ObjectIdentifier oid;
        private final int length;

        Hash(String jcaName, ASN1ObjectIdentifier oid, int length) {
            this.jcaName = jcaName;
            this.oid = oid;
            this.length = length;
        }

        String jcaName() {
            return jcaName;
        }

        /** RFC 5754 §2: the parameters are absent. */
        AlgorithmIdentifier identifier() {
            return new AlgorithmIdentifier(oid);
        }

        static Optional<Hash> of(AlgorithmIdentifier identifier) {
            for (Hash hash : values()) {
                if (hash.oid.equals(identifier.getAlgorithm())) {
                    return Optional.of(hash);
                }
            }
            return Optional.empty();
        }
    }

    private final Algorithm algorithm;
    private final Hash hash;
    private final ASN1ObjectIdentifier oid;

    SignatureScheme(Algorithm algorithm, Hash hash, ASN1ObjectIdentifier oid) {
        this.algorithm = algorithm;
        this.hash = hash;
        this.oid = oid;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    public String micalg() {
        return hash.jcaName().toLowerCase(java.util.Locale.ROOT);
    }

    Hash hash() {
        return hash;
    }

    public AlgorithmIdentifier identifier() {
        if (oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            AlgorithmIdentifier digest = new AlgorithmIdentifier(hash.oid, DERNull.INSTANCE);
            AlgorithmIdentifier mgf = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, digest);
            return new AlgorithmIdentifier(
                    oid,
                    new RSASSAPSSparams(
                            digest, mgf, new ASN1Integer(hash.length), RSASSAPSSparams.DEFAULT_TRAILER_FIELD));
        }
        boolean rsa = algorithm.wireName().startsWith("rsa-");
        return rsa ? new AlgorithmIdentifier(oid, DERNull.INSTANCE) : new AlgorithmIdentifier(oid);
    }

    public static Optional<SignatureScheme> of(Algorithm algorithm) {
        for (SignatureScheme scheme : values()) {
            if (scheme.algorithm == algorithm) {
                return Optional.of(scheme);
            }
        }
        return Optional.empty();
    }

    /** What most readers understand, with a hash that matches the strength of the curve. */
    public static Optional<SignatureScheme> preferredFor(KeyDescription key) {
        List<SignatureScheme> order = switch (String.valueOf(key.curve())) {
            case "P-384" -> List.of(ECDSA_SHA384, ECDSA_SHA256, ECDSA_SHA512);
            case "P-521" -> List.of(ECDSA_SHA512, ECDSA_SHA384, ECDSA_SHA256);
            default -> List.of(values());
        };
        return order.stream()
                .filter(scheme -> key.algorithms().contains(scheme.algorithm))
                .findFirst();
    }
}
