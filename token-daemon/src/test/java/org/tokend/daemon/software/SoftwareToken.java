package org.tokend.daemon.software;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenAdministration;
import org.tokend.pkcs11.token.TokenObjectList;

/** A token of software keys that can be told to go wrong. */
public final class SoftwareToken implements Token {
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();

    private final TokenIdentity identity;
    private final Map<KeyFingerprint, KeyPair> pairs = new LinkedHashMap<>();
    private final List<KeyDescriptor> keys = new ArrayList<>();
    private final List<KeyDescriptor> hidden = new ArrayList<>();
    public final List<String> calls = new ArrayList<>();
    public final List<String> distrusted = new ArrayList<>();
    public UnaryOperator<byte[]> damage = UnaryOperator.identity();
    public @Nullable TokenException nextFailure;
    public TokenState state = new TokenState.LoggedIn();
    public long generation = 1;

    public SoftwareToken(String label) {
        this.identity = new TokenIdentity(label, "tokend", "software", "0001");
    }

    public KeyDescriptor add(TestKey key, String label) {
        return add(key, label, List.of(), null);
    }

    public KeyDescriptor add(TestKey key, String label, List<byte[]> certificates, @Nullable String problem) {
        return add(key, label, certificates, problem, false);
    }

    public KeyDescriptor addAskingEachTime(TestKey key, String label) {
        return add(key, label, List.of(), null, true);
    }

    /** As a token does that shows its keys after a login only. */
    public void hide(KeyDescriptor key) {
        keys.remove(key);
        hidden.add(key);
    }

    public void show() {
        keys.addAll(hidden);
        hidden.clear();
    }

    private KeyDescriptor add(
            TestKey key, String label, List<byte[]> certificates, @Nullable String problem, boolean eachTime) {
        byte[] spki = key.publicKey().getEncoded();
        KeyDescriptor descriptor = new KeyDescriptor(
                identity,
                KeyFingerprint.of(spki),
                type(key),
                bits(key),
                new byte[] {(byte) keys.size()},
                label,
                spki,
                certificates,
                List.of(),
                EnumSet.allOf(KeyAlgorithm.class),
                eachTime,
                true,
                problem);
        keys.add(descriptor);
        pairs.put(descriptor.fingerprint(), key.keyPair());
        return descriptor;
    }

    private static KeyType type(TestKey key) {
        return switch (key) {
            case P256_A, P256_B -> KeyType.P256;
            case P384 -> KeyType.P384;
            case P521 -> KeyType.P521;
            case ED25519 -> KeyType.ED25519;
            default -> KeyType.RSA;
        };
    }

    private static int bits(TestKey key) {
        return key.publicKey() instanceof java.security.interfaces.RSAPublicKey rsa
                ? rsa.getModulus().bitLength()
                : 256;
    }

    private KeyPair pair(KeyDescriptor key) throws TokenException {
        TokenException failure = nextFailure;
        if (failure != null) {
            nextFailure = null;
            throw failure;
        }
        return Objects.requireNonNull(pairs.get(key.fingerprint()));
    }

    @Override
    public byte[] sign(KeyDescriptor key, KeyAlgorithm algorithm, byte[] input, @Nullable MemorySegment pin)
            throws TokenException {
        calls.add("sign");
        try {
            Signature signer = Signature.getInstance("NONEwithECDSA", BC);
            signer.initSign(pair(key).getPrivate());
            signer.update(input);
            return damage.apply(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new TokenException.Failed("failed", 5);
        }
    }

    @Override
    public byte[] decrypt(KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext, @Nullable MemorySegment pin)
            throws TokenException {
        calls.add("decrypt");
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            String hash = algorithm == KeyAlgorithm.RSA_OAEP_SHA1 ? "SHA-1" : "SHA-256";
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    pair(key).getPrivate(),
                    new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
            return cipher.doFinal(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new TokenException.Failed("CKR_ENCRYPTED_DATA_INVALID", 0x40);
        }
    }

    @Override
    public byte[] decryptPkcs1(
            KeyDescriptor key, byte[] ciphertext, Pkcs1Rejection rejection, @Nullable MemorySegment pin)
            throws TokenException {
        calls.add("decryptPkcs1");
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, pair(key).getPrivate());
            byte[] block = cipher.doFinal(ciphertext);
            int separator = 2;
            while (separator < block.length - 1 && block[separator] != 0) {
                separator++;
            }
            boolean right = block[0] == 0
                    && block[1] == 2
                    && block[separator] == 0
                    && separator >= 10
                    && rejection.lengths().test(block.length - separator - 1);
            return right ? java.util.Arrays.copyOfRange(block, separator + 1, block.length) : rejection.substitute();
        } catch (GeneralSecurityException e) {
            throw new TokenException.Failed("failed", 5);
        }
    }

    @Override
    public byte[] agree(KeyDescriptor key, byte[] publicKey, @Nullable MemorySegment pin) throws TokenException {
        calls.add("agree");
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(pair(key).getPrivate());
            agreement.doPhase(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey)), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new TokenException.InvalidInput("not a point on the curve");
        }
    }

    /** The raw RSA operation backwards: a ciphertext for a block of our making. */
    public static byte[] encryptRaw(TestKey key, byte[] block) {
        var rsa = (java.security.interfaces.RSAPublicKey) key.publicKey();
        byte[] number = new BigInteger(1, block)
                .modPow(rsa.getPublicExponent(), rsa.getModulus())
                .toByteArray();
        byte[] result = new byte[block.length];
        int copied = Math.min(number.length, result.length);
        System.arraycopy(number, number.length - copied, result, result.length - copied, copied);
        return result;
    }

    @Override
    public TokenIdentity identity() {
        return identity;
    }

    @Override
    public String module() {
        return "module of " + identity.label();
    }

    @Override
    public TokenState state() {
        return state;
    }

    @Override
    public boolean pinPad() {
        return false;
    }

    @Override
    public int minPinLength() {
        return 4;
    }

    @Override
    public int maxPinLength() {
        return 16;
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public List<KeyDescriptor> keys() {
        return List.copyOf(keys);
    }

    @Override
    public void login(@Nullable MemorySegment pin) {
        calls.add("login");
        state = new TokenState.LoggedIn();
    }

    @Override
    public void logout() {
        state = new TokenState.LoggedOut(PinTries.UNKNOWN);
    }

    @Override
    public void provePossession(KeyDescriptor key, @Nullable MemorySegment pin) {
        calls.add("provePossession");
    }

    @Override
    public void distrust(long ended, String reason) {
        distrusted.add(reason);
    }

    @Override
    public TokenObjectList objects() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TokenInfo info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<Long, MechanismInfo> mechanisms() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] random(int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void seedRandom(byte[] seed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TokenAdministration administration() {
        throw new UnsupportedOperationException();
    }
}
