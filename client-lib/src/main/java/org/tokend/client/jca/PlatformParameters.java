package org.tokend.client.jca;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.AlgorithmParametersSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;

/**
 * The platform's OAEP and PSS parameters under the names that Bouncy Castle asks for: the OIDs, and PSS. Without them CMS
 * would decrypt OAEP of any hash as if it were SHA-1.
 */
final class PlatformParameters extends AlgorithmParametersSpi {
    private final AlgorithmParameters platform;

    /** @param name the platform's */
    PlatformParameters(String name) throws NoSuchAlgorithmException {
        this.platform = platform(name);
    }

    static AlgorithmParameters platform(String name) throws NoSuchAlgorithmException {
        Provider[] providers = Security.getProviders("AlgorithmParameters." + name);
        for (Provider provider : providers == null ? new Provider[0] : providers) {
            if (!(provider instanceof TokenProvider)) {
                return AlgorithmParameters.getInstance(name, provider);
            }
        }
        throw new NoSuchAlgorithmException("No provider for " + name + " parameters");
    }

    @Override
    protected void engineInit(AlgorithmParameterSpec spec) throws InvalidParameterSpecException {
        platform.init(spec);
    }

    @Override
    protected void engineInit(byte[] encoded) throws IOException {
        platform.init(encoded);
    }

    @Override
    protected void engineInit(byte[] encoded, String format) throws IOException {
        platform.init(encoded, format);
    }

    @Override
    protected <T extends AlgorithmParameterSpec> T engineGetParameterSpec(Class<T> type)
            throws InvalidParameterSpecException {
        return platform.getParameterSpec(type);
    }

    @Override
    protected byte[] engineGetEncoded() throws IOException {
        return platform.getEncoded();
    }

    @Override
    protected byte[] engineGetEncoded(String format) throws IOException {
        return platform.getEncoded(format);
    }

    @Override
    protected String engineToString() {
        return platform.toString();
    }
}
