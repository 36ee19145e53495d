package org.tokend.client.jca;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;

/**
 * EC public keys, made by the platform. Bouncy Castle asks the provider that it is told to use for the private key also for
 * the sender's public key, by OID.
 */
final class PublicEcKeys extends KeyFactorySpi {
    private final KeyFactory platform;

    PublicEcKeys() throws NoSuchAlgorithmException {
        this.platform = platform();
    }

    /** The first EC key factory that is not this one. */
    static KeyFactory platform() throws NoSuchAlgorithmException {
        for (Provider provider : Security.getProviders("KeyFactory.EC")) {
            if (!(provider instanceof TokenProvider)) {
                return KeyFactory.getInstance("EC", provider);
            }
        }
        throw new NoSuchAlgorithmException("No provider for EC public keys; the module jdk.crypto.ec has one");
    }

    @Override
    protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
        return platform.generatePublic(spec);
    }

    @Override
    protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
        throw new InvalidKeySpecException("Private keys of this provider live on tokens; get them from its KeyStore");
    }

    @Override
    protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> spec) throws InvalidKeySpecException {
        return platform.getKeySpec(key, spec);
    }

    @Override
    protected Key engineTranslateKey(Key key) throws InvalidKeyException {
        try {
            return key instanceof TokenPrivateKey ? key : platform.translateKey(key);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("The key is no EC key", e);
        }
    }
}
