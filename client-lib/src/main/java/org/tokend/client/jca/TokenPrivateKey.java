package org.tokend.client.jca;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.KeyDescription;

/**
 * The name of a private key on a token. There is nothing of the key in it: {@link #getEncoded()} is null, as JCA has it for
 * keys that do not leave their device, and other providers refuse it, so that JCA finds this one.
 */
public abstract sealed class TokenPrivateKey implements PrivateKey {
    private static final long serialVersionUID = 1L;

    private final transient KeyUse use;
    private final transient KeyDescription description;
    private final transient PublicKey publicKey;

    private TokenPrivateKey(KeyUse use, KeyDescription description, PublicKey publicKey) {
        this.use = use;
        this.description = description;
        this.publicKey = publicKey;
    }

    /** @throws GeneralSecurityException the public key is of no kind that JCA and tokend both know */
    static TokenPrivateKey of(KeyUse use, KeyDescription description) throws GeneralSecurityException {
        X509EncodedKeySpec encoded = new X509EncodedKeySpec(description.publicKey());
        return switch (description.type()) {
            case "RSA" ->
                new Rsa(use, description, (RSAPublicKey)
                        KeyFactory.getInstance("RSA").generatePublic(encoded));
            case "EC" ->
                new Ec(use, description, (ECPublicKey) PublicEcKeys.platform().generatePublic(encoded));
            case "Ed25519" ->
                new Ed(use, description, KeyFactory.getInstance("Ed25519").generatePublic(encoded));
            default ->
                throw new GeneralSecurityException(
                        "Keys of type " + description.type() + " are newer than this library");
        };
    }

    /** RSA; has the modulus, by which JCA programs size signatures. */
    static final class Rsa extends TokenPrivateKey implements RSAKey {
        private static final long serialVersionUID = 1L;
        private final transient BigInteger modulus;

        private Rsa(KeyUse use, KeyDescription description, RSAPublicKey publicKey) {
            super(use, description, publicKey);
            this.modulus = publicKey.getModulus();
        }

        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public BigInteger getModulus() {
            return modulus;
        }
    }

    static final class Ec extends TokenPrivateKey implements ECKey {
        private static final long serialVersionUID = 1L;
        private final transient ECParameterSpec curve;

        private Ec(KeyUse use, KeyDescription description, ECPublicKey publicKey) {
            super(use, description, publicKey);
            this.curve = publicKey.getParams();
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public ECParameterSpec getParams() {
            return curve;
        }
    }

    static final class Ed extends TokenPrivateKey implements EdECKey {
        private static final long serialVersionUID = 1L;

        private Ed(KeyUse use, KeyDescription description, PublicKey publicKey) {
            super(use, description, publicKey);
        }

        @Override
        public String getAlgorithm() {
            return "EdDSA";
        }

        @Override
        public NamedParameterSpec getParams() {
            return NamedParameterSpec.ED25519;
        }
    }

    /** What tokend says of this key. */
    public KeyDescription description() {
        return description;
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    KeyUse use() {
        return use;
    }

    @Override
    public @Nullable String getFormat() {
        return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenPrivateKey key && use.key().equals(key.use.key());
    }

    @Override
    public int hashCode() {
        return use.key().hashCode();
    }

    @Override
    public String toString() {
        return getAlgorithm() + " private key on a token: " + use.key();
    }

    private void writeObject(ObjectOutputStream stream) throws NotSerializableException {
        throw new NotSerializableException("A key on a token cannot be written down; keep its alias");
    }
}
