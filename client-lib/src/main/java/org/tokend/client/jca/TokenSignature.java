package org.tokend.client.jca;

import java.io.ByteArrayOutputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

/** Signs on the token. Hashes here, so that only the hash value crosses the socket. */
final class TokenSignature extends SignatureSpi {
    /** What is signed with, apart from the hash. */
    enum Scheme {
        PKCS1,
        PSS,
        ECDSA,
        /** The caller hashes, and hands over a DigestInfo. */
        RAW_PKCS1,
        /** The caller hashes, and hands over the hash value. */
        RAW_ECDSA,
        ED25519
    }

    private final Scheme scheme;
    private @Nullable Hash hash;
    private @Nullable MessageDigest digest;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private @Nullable TokenPrivateKey key;

    /** @param hash null where the scheme has none, or where a parameter will name it */
    TokenSignature(Scheme scheme, @Nullable Hash hash) {
        this.scheme = scheme;
        this.hash = hash;
        this.digest = hash == null ? null : hash.digest();
    }

    @Override
    protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
        throw new InvalidKeyException("This provider signs only; leave the provider open to verify");
    }

    @Override
    protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
        boolean fits = switch (scheme) {
            case PKCS1, PSS, RAW_PKCS1 -> privateKey instanceof TokenPrivateKey.Rsa;
            case ECDSA, RAW_ECDSA -> privateKey instanceof TokenPrivateKey.Ec;
            case ED25519 -> privateKey instanceof TokenPrivateKey.Ed;
        };
        if (!fits) {
            throw new InvalidKeyException(
                    "Needs a key from the KeyStore \"Tokend\", of the type that the algorithm signs with");
        }
        key = (TokenPrivateKey) privateKey;
        reset();
    }

    private void reset() {
        message.reset();
        if (digest != null) {
            digest.reset();
        }
    }

    @Override
    protected void engineUpdate(byte b) throws SignatureException {
        engineUpdate(new byte[] {b}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
        if (digest != null) {
            digest.update(bytes, offset, length);
        } else if (scheme == Scheme.PSS) {
            throw new SignatureException("RSASSA-PSS needs a PSSParameterSpec before the first byte");
        } else if (message.size() + length > Sign.MAX_MESSAGE) {
            throw new SignatureException("The message is longer than the " + Sign.MAX_MESSAGE
                    + " bytes that Ed25519 signs here; sign a hash of it, as CMS does with signed attributes");
        } else {
            message.write(bytes, offset, length);
        }
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        if (key == null) {
            throw new SignatureException("Not initialised");
        }
        byte[] input = digest == null ? message.toByteArray() : digest.digest();
        try {
            return switch (scheme) {
                case PKCS1 -> sign(key, named().pkcs1, input);
                case PSS -> sign(key, named().pss, input);
                case ECDSA -> sign(key, named().ecdsa, input);
                case ED25519 -> sign(key, Algorithm.ED25519, input);
                case RAW_ECDSA -> signHash(key, input);
                case RAW_PKCS1 -> signDigestInfo(key, input);
            };
        } finally {
            reset();
        }
    }

    private Hash named() throws SignatureException {
        if (hash == null) {
            throw new SignatureException("RSASSA-PSS needs a PSSParameterSpec");
        }
        return hash;
    }

    private static byte[] sign(TokenPrivateKey key, @Nullable Algorithm algorithm, byte[] input)
            throws SignatureException {
        if (algorithm == null) {
            throw new SignatureException("tokend does not sign with this hash");
        }
        try {
            return key.use().sign(algorithm, input);
        } catch (TokenClientException e) {
            throw new SignatureException(e.getMessage(), e);
        }
    }

    private static byte[] signHash(TokenPrivateKey key, byte[] value) throws SignatureException {
        for (Hash candidate : Hash.values()) {
            if (candidate.ecdsa != null && candidate.length() == value.length) {
                return sign(key, candidate.ecdsa, value);
            }
        }
        throw new SignatureException("NONEwithECDSA signs hash values of 32, 48 or 64 bytes, not " + value.length);
    }

    private static byte[] signDigestInfo(TokenPrivateKey key, byte[] info) throws SignatureException {
        for (Hash candidate : Hash.values()) {
            int prefix = candidate.digestInfoPrefix.length;
            if (info.length == prefix + candidate.length()
                    && Arrays.equals(info, 0, prefix, candidate.digestInfoPrefix, 0, prefix)) {
                return sign(key, candidate.pkcs1, Arrays.copyOfRange(info, prefix, info.length));
            }
        }
        throw new SignatureException("NONEwithRSA signs a DigestInfo of SHA-1, SHA-256, SHA-384 or SHA-512 only");
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
        throw new SignatureException("This provider signs only; leave the provider open to verify");
    }

    @Override
    protected void engineSetParameter(@Nullable AlgorithmParameterSpec spec) throws InvalidAlgorithmParameterException {
        if (spec == null && scheme != Scheme.PSS) {
            return;
        }
        if (scheme != Scheme.PSS || !(spec instanceof PSSParameterSpec pss)) {
            throw new InvalidAlgorithmParameterException("Only RSASSA-PSS has parameters, a PSSParameterSpec");
        }
        Hash named = Hash.named(pss.getDigestAlgorithm()).orElse(null);
        boolean mgf = pss.getMGFParameters() instanceof MGF1ParameterSpec mgf1
                && Hash.named(mgf1.getDigestAlgorithm()).orElse(null) == named;
        if (named == null || named.pss == null || !mgf || pss.getSaltLength() != named.length()) {
            throw new InvalidAlgorithmParameterException(
                    "tokend makes RSASSA-PSS with SHA-256, SHA-384 or SHA-512, MGF1 with the same hash, and a salt as long "
                            + "as the hash (RFC 4056)");
        }
        if (message.size() > 0) {
            throw new InvalidAlgorithmParameterException("The parameters must come before the first byte");
        }
        hash = named;
        digest = named.digest();
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        if (scheme != Scheme.PSS || hash == null) {
            return null;
        }
        try {
            AlgorithmParameters parameters = PlatformParameters.platform("RSASSA-PSS");
            parameters.init(new PSSParameterSpec(
                    hash.jcaName,
                    "MGF1",
                    new MGF1ParameterSpec(hash.jcaName),
                    hash.length(),
                    PSSParameterSpec.TRAILER_FIELD_BC));
            return parameters;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no RSASSA-PSS parameters", e);
        }
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
        throw new InvalidParameterException("Use setParameter(AlgorithmParameterSpec)");
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
        throw new InvalidParameterException("Use getParameters()");
    }
}
