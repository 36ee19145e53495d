package org.tokend.client.jca;

import java.io.ByteArrayOutputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.Algorithm;

/**
 * Decrypts and unwraps RSA on the token. What tokend refuses comes out as {@link TokenClientException}, which says why. A
 * PKCS#1 v1.5 block with a bad padding is no error but a random-looking key (see {@link org.tokend.protocol.Decrypt}).
 */
final class TokenCipher extends CipherSpi {
    private static final String OAEP = "OAEPPADDING";

    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    /** As written in the transformation, in capitals. */
    private String padding;

    private TokenPrivateKey.@Nullable Rsa key;
    private Algorithm algorithm = Algorithm.RSA_PKCS1;
    private int plaintextLength;

    private TokenCipher(String padding) {
        this.padding = padding;
    }

    static TokenCipher pkcs1() {
        return new TokenCipher("PKCS1PADDING");
    }

    static TokenCipher oaep() {
        return new TokenCipher(OAEP);
    }

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
        if (!mode.equalsIgnoreCase("ECB") && !mode.equalsIgnoreCase("NONE")) {
            throw new NoSuchAlgorithmException("RSA has no mode " + mode);
        }
    }

    @Override
    protected void engineSetPadding(String name) throws NoSuchPaddingException {
        padding = name.toUpperCase(Locale.ROOT);
        boolean oaepWith = padding.startsWith("OAEPWITH") && padding.endsWith("ANDMGF1PADDING");
        if (!padding.equals("PKCS1PADDING") && !padding.equals(OAEP) && !(oaepWith && paddingHash() != null)) {
            throw new NoSuchPaddingException("tokend does not unpad " + name);
        }
    }

    /** The hash that OAEPWithSHA-256AndMGF1Padding names, SHA-1 for plain OAEPPadding (RFC 8017 §A.2.1). */
    private @Nullable Hash paddingHash() {
        if (padding.equals(OAEP)) {
            return Hash.SHA1;
        }
        String name = padding.substring("OAEPWITH".length(), padding.length() - "ANDMGF1PADDING".length());
        return Hash.named(name).orElse(null);
    }

    @Override
    protected void engineInit(int mode, Key given, SecureRandom random) throws InvalidKeyException {
        try {
            engineInit(mode, given, (AlgorithmParameterSpec) null, random);
        } catch (InvalidAlgorithmParameterException e) {
            throw new InvalidKeyException(e.getMessage(), e);
        }
    }

    @Override
    protected void engineInit(int mode, Key given, AlgorithmParameters parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        try {
            engineInit(mode, given, parameters.getParameterSpec(OAEPParameterSpec.class), random);
        } catch (InvalidParameterSpecException e) {
            throw new InvalidAlgorithmParameterException("RSA takes OAEP parameters only", e);
        }
    }

    @Override
    protected void engineInit(int mode, Key given, @Nullable AlgorithmParameterSpec spec, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (!(given instanceof TokenPrivateKey.Rsa rsa)) {
            throw new InvalidKeyException(
                    "Needs an RSA key from the KeyStore \"Tokend\"; public keys work with any other provider");
        }
        if (mode != Cipher.DECRYPT_MODE && mode != Cipher.UNWRAP_MODE) {
            throw new InvalidKeyException(
                    "A private key decrypts and unwraps; encrypt with the public key and another provider");
        }
        plaintextLength = spec instanceof PlaintextLength length ? length.bytes() : 0;
        if (padding.equals("PKCS1PADDING")) {
            if (spec != null && plaintextLength == 0) {
                throw new InvalidAlgorithmParameterException("PKCS1Padding takes no parameter but a PlaintextLength");
            }
            algorithm = Algorithm.RSA_PKCS1;
        } else {
            algorithm = oaep(spec);
        }
        key = rsa;
        block.reset();
    }

    private Algorithm oaep(@Nullable AlgorithmParameterSpec spec) throws InvalidAlgorithmParameterException {
        Hash named = paddingHash();
        if (spec == null) {
            if (named != Hash.SHA1) {
                // The JDK takes SHA-1 for MGF1 here and Bouncy Castle the named hash: no guess is safe.
                throw new InvalidAlgorithmParameterException("Say with an OAEPParameterSpec which hash MGF1 uses");
            }
            return Algorithm.RSA_OAEP_SHA1;
        }
        if (!(spec instanceof OAEPParameterSpec oaep)) {
            throw new InvalidAlgorithmParameterException("OAEP takes an OAEPParameterSpec");
        }
        Hash hash = Hash.named(oaep.getDigestAlgorithm()).orElse(null);
        boolean mgf = oaep.getMGFParameters() instanceof MGF1ParameterSpec mgf1
                && Hash.named(mgf1.getDigestAlgorithm()).orElse(null) == hash;
        boolean label = oaep.getPSource() instanceof PSource.PSpecified source && source.getValue().length > 0;
        boolean asNamed = padding.equals(OAEP) || hash == named;
        if (hash == null || !mgf || label || !asNamed) {
            throw new InvalidAlgorithmParameterException(
                    "tokend decrypts OAEP with SHA-1, SHA-256, SHA-384 or SHA-512, MGF1 with the same hash, and no label");
        }
        return hash.oaep;
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int offset, int length) {
        block.write(input, offset, length);
        return new byte[0];
    }

    @Override
    protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int outputOffset) {
        block.write(input, offset, length);
        return 0;
    }

    @Override
    protected byte[] engineDoFinal(byte @Nullable [] input, int offset, int length) throws IllegalBlockSizeException {
        if (input != null) {
            block.write(input, offset, length);
        }
        try {
            return decrypt(block.toByteArray(), plaintextLength);
        } finally {
            block.reset();
        }
    }

    private byte[] decrypt(byte[] ciphertext, int length) throws IllegalBlockSizeException {
        if (key == null) {
            throw new IllegalStateException("Not initialised");
        }
        int modulus = modulusLength();
        if (ciphertext.length != modulus) {
            throw new IllegalBlockSizeException(
                    "The block has " + ciphertext.length + " bytes, the key takes " + modulus);
        }
        return key.use().decrypt(algorithm, ciphertext, length);
    }

    @Override
    protected int engineDoFinal(byte @Nullable [] input, int offset, int length, byte[] output, int outputOffset)
            throws IllegalBlockSizeException, ShortBufferException {
        byte[] plaintext = engineDoFinal(input, offset, length);
        if (output.length - outputOffset < plaintext.length) {
            Arrays.fill(plaintext, (byte) 0);
            throw new ShortBufferException("The plaintext has " + plaintext.length + " bytes");
        }
        System.arraycopy(plaintext, 0, output, outputOffset, plaintext.length);
        Arrays.fill(plaintext, (byte) 0);
        return plaintext.length;
    }

    @Override
    protected Key engineUnwrap(byte[] wrapped, String keyAlgorithm, int type) throws InvalidKeyException {
        if (type != Cipher.SECRET_KEY) {
            throw new InvalidKeyException("RSA unwraps secret keys here, no private or public ones");
        }
        int length = plaintextLength == 0 && algorithm == Algorithm.RSA_PKCS1
                ? KeyLengths.ofContent(keyAlgorithm)
                : plaintextLength;
        try {
            byte[] bytes = decrypt(wrapped, length);
            SecretKeySpec unwrapped = new SecretKeySpec(bytes, keyAlgorithm);
            Arrays.fill(bytes, (byte) 0);
            return unwrapped;
        } catch (IllegalBlockSizeException e) {
            throw new InvalidKeyException(e.getMessage(), e);
        }
    }

    @Override
    protected int engineGetKeySize(Key given) throws InvalidKeyException {
        if (given instanceof TokenPrivateKey.Rsa rsa) {
            return rsa.getModulus().bitLength();
        }
        throw new InvalidKeyException("Needs an RSA key from the KeyStore \"Tokend\"");
    }

    private int modulusLength() {
        return key == null ? 0 : (key.getModulus().bitLength() + 7) / 8;
    }

    @Override
    protected int engineGetBlockSize() {
        return 0;
    }

    @Override
    protected int engineGetOutputSize(int inputLength) {
        return modulusLength();
    }

    @Override
    protected byte @Nullable [] engineGetIV() {
        return null;
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        if (algorithm == Algorithm.RSA_PKCS1) {
            return null;
        }
        for (Hash hash : Hash.values()) {
            if (hash.oaep == algorithm) {
                return parameters(hash);
            }
        }
        return null;
    }

    private static AlgorithmParameters parameters(Hash hash) {
        try {
            AlgorithmParameters parameters = PlatformParameters.platform("OAEP");
            parameters.init(new OAEPParameterSpec(
                    hash.jcaName, "MGF1", new MGF1ParameterSpec(hash.jcaName), PSource.PSpecified.DEFAULT));
            return parameters;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no OAEP parameters", e);
        }
    }
}
